using System.Text.Json.Nodes;
using ExplainService.Api.Pipeline;
using ExplainService.Protocol.Problems;

namespace ExplainService.Api.Adapters;

/// <summary>Refusals as TorchServe and the multi-model server of SageMaker's containers tell them.</summary>
internal static class ModelServerErrors
{
    /// <summary>The form.</summary>
    public static ProblemForm Form { get; } = new(Of);

    private static JsonObject Of(Problem problem)
    {
        var status = ProblemForm.StatusOf(problem);
        return new JsonObject
        {
            ["code"] = status,
            ["type"] = TypeOf(status),
            ["message"] = problem.Detail,
        };
    }

    private static string TypeOf(int status) =>
        status switch
        {
            400 => "BadRequestException",
            401 => "InvalidKeyException",
            403 => "ForbiddenException",
            404 => "ModelNotFoundException",
            405 => "MethodNotAllowedException",
            413 => "RequestEntityTooLargeException",
            415 => "UnsupportedMediaTypeException",
            429 or 503 => "ServiceUnavailableException",
            504 => "RequestTimeoutException",
            _ => "InternalServerException",
        };
}
