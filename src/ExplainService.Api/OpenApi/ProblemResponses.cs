using ExplainService.Api.Access;
using ExplainService.Api.Adapters;
using ExplainService.Api.Endpoints;
using ExplainService.Protocol.Problems;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace ExplainService.Api.OpenApi;

/// <summary>Lists the problems that each operation can answer with.</summary>
internal sealed class ProblemResponses : IOperationFilter
{
    private static readonly (int Status, string Description)[] OfExplanations =
    [
        (400, "The request is malformed: invalid JSON, an unknown field or query parameter, a wrong type; `errors` names them."),
        (404, "There is no such model."),
        (406, "The answer cannot take the form that Accept or format asks for."),
        (413, "The body is too large."),
        (415, "The body is neither application/json nor application/x-ndjson."),
        (
            422,
            "Well-formed but impossible: an unknown label, a text over the model's limit, a method that this model's graph does not allow, a view that the answer does not have."
        ),
        (429, "The queue is full, or the key over its rate; Retry-After says when to try again."),
        (503, "The service is shutting down; Retry-After says when to try again."),
        (504, "The deadline passed before there was an answer."),
    ];

    private static readonly (int Status, string Description)[] OfModels =
    [
        (404, "There is no such model."),
        (422, "The model's folder cannot be served; `detail` says what is wrong with it."),
    ];

    private static readonly (int Status, string Description)[] OfPostedJobs =
    [
        (400, "The job is malformed: an unknown field, kind or endpoint, a wrong value; `errors` names them."),
        (404, "There is no such model."),
        (409, "The job of this `Idempotency-Key` is still being read."),
        (413, "The input is too large."),
        (415, "The body is neither application/json nor multipart/form-data."),
        (422, "The input cannot be read, or another job was posted with this `Idempotency-Key`."),
        (429, "Too many jobs are not finished, or the key is over its rate."),
        (503, "The database of jobs does not answer."),
    ];

    private static readonly (int Status, string Description)[] OfJobs =
    [
        (404, "There is no such job."),
        (409, "The job's state does not allow it."),
        (503, "The database of jobs does not answer."),
    ];

    /// <summary>Where there are keys.</summary>
    private static readonly (int Status, string Description)[] OfCallers =
    [
        (401, "The service has keys, and none that it knows came with the request."),
        (403, "The key does not allow it: its scopes or its models; or a browser sent it for a page of another site."),
        (429, "The key is over its rate or its budget; Retry-After says when to try again."),
    ];

    private static readonly (int Status, string Description)[] OfReadiness =
    [
        (503, "Models are being loaded, or the service is shutting down."),
    ];

    /// <inheritdoc/>
    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        if (context.ApiDescription.ActionDescriptor.EndpointMetadata.OfType<PeerOperation>().Any())
        {
            return;
        }

        var isExplanation = context.ApiDescription.ActionDescriptor.EndpointMetadata.OfType<ExplanationEndpoint>().Any();
        var problems =
            isExplanation ? OfExplanations
            : operation.OperationId == JobEndpoints.Post ? OfPostedJobs
            : operation.Tags?.Any(tag => tag.Name == JobEndpoints.Tag) == true ? OfJobs
            : context.ApiDescription.RelativePath?.Contains("{id}", StringComparison.Ordinal) == true ? OfModels
            : operation.OperationId == "ready" ? OfReadiness
            : [];
        if (context.ApiDescription.ActionDescriptor.EndpointMetadata.OfType<NeededScope>().Any())
        {
            problems = [.. problems, .. OfCallers.Where(own => !Array.Exists(problems, one => one.Status == own.Status))];
        }

        var schema = context.SchemaGenerator.GenerateSchema(typeof(Problem), context.SchemaRepository);
        operation.Responses ??= [];
        foreach (var (status, description) in problems)
        {
            var response = new OpenApiResponse
            {
                Description = description,
                Content = new Dictionary<string, IOpenApiMediaType> { [Problem.MediaType] = new OpenApiMediaType { Schema = schema } },
            };
            if (status is 429 || (status is 503 && isExplanation))
            {
                response.Headers = new Dictionary<string, IOpenApiHeader>
                {
                    ["Retry-After"] = new OpenApiHeader
                    {
                        Description = "Seconds.",
                        Schema = new OpenApiSchema { Type = JsonSchemaType.Integer },
                    },
                };
            }

            operation.Responses[FormattableString.Invariant($"{status}")] = response;
        }
    }
}
