using System.Text.Json;
using System.Text.Json.Nodes;
using ExplainService.Jobs.Contracts;
using ExplainService.Methods.Contracts;

namespace ExplainService.Api.CommandLine;

/// <summary>Options of the command line as the job that <c>POST /jobs</c> would take.</summary>
internal static class AuditRequest
{
    /// <summary>The job as JSON; what it says is checked as any job is.</summary>
    /// <exception cref="InvalidRequestException"><c>--request</c> is not a JSON object.</exception>
    public static byte[] Of(string? kind, string? endpoint, string? model, string? against, string? request, JobColumns columns)
    {
        var asked = Fields(request);
        if (endpoint is not null)
        {
            asked["endpoint"] = endpoint;
        }

        if (model is not null)
        {
            asked["model"] = model;
        }

        var job = new JsonObject
        {
            ["kind"] =
                kind
                ?? EnumNames.Of(
                    against is not null ? JobKind.Drift
                    : endpoint is null ? JobKind.Predict
                    : JobKind.Explain
                ),
            ["columns"] = JsonSerializer.SerializeToNode(columns, JobsJson.Of<JobColumns>()),
            ["request"] = asked,
        };
        if (against is not null)
        {
            job["against"] = new JsonObject { ["model"] = against };
        }

        return System.Text.Encoding.UTF8.GetBytes(job.ToJsonString());
    }

    private static JsonObject Fields(string? request)
    {
        try
        {
            return request is null ? [] : JsonNode.Parse(request)!.AsObject();
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException or NullReferenceException)
        {
            throw InvalidRequestException.Malformed("--request", "must be a JSON object");
        }
    }
}
