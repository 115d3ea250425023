using ExplainService.Api.Access;
using ExplainService.Api.Adapters;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace ExplainService.Api.OpenApi;

/// <summary>Describes the endpoints of other services' protocols: bodies that work as they stand, refusals in the protocol's own form.</summary>
internal sealed class PeerOperations : IOperationFilter
{
    private static readonly (string Status, string Description)[] Refusals =
    [
        ("400", "The request is malformed, does not map, or is impossible for this model or text."),
        ("401", "The service has keys, and none that it knows came with the request."),
        ("403", "The key does not allow it: its scopes or its models."),
        ("404", "There is no such model."),
        ("413", "The body is too large."),
        ("415", "The body's media type is not one of the protocol."),
        ("429", "The queue is full, or the key over its rate or budget; Retry-After says when to try again."),
        ("503", "The service is shutting down, or not ready."),
        ("504", "The server's limit for one request has passed."),
    ];

    /// <summary>Parts of paths that are the caller's to choose.</summary>
    private static readonly Dictionary<string, string> Examples = new() { ["project"] = "mine", ["location"] = "here" };

    /// <inheritdoc/>
    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        var metadata = context.ApiDescription.ActionDescriptor.EndpointMetadata;
        if (metadata.OfType<PeerOperation>().FirstOrDefault() is not { } peer)
        {
            return;
        }

        if (peer.Body is { } body)
        {
            var schema = context.SchemaGenerator.GenerateSchema(body, context.SchemaRepository);
            operation.RequestBody = new OpenApiRequestBody
            {
                Required = true,
                Content = peer.MediaTypes.ToDictionary(
                    type => type,
                    IOpenApiMediaType (_) => new OpenApiMediaType { Schema = schema, Example = peer.Example?.DeepClone() }
                ),
            };
        }

        foreach (var parameter in operation.Parameters?.OfType<OpenApiParameter>() ?? [])
        {
            if (parameter.In == ParameterLocation.Path && Examples.TryGetValue(parameter.Name ?? "", out var example))
            {
                parameter.Example = example;
                parameter.Description = "Any name: the service has no such parts.";
            }
        }

        operation.Responses ??= [];
        foreach (var (status, description) in Refusals.Where(_ => metadata.OfType<NeededScope>().Any()))
        {
            operation.Responses[status] = new OpenApiResponse
            {
                Description = description,
                Content = new Dictionary<string, IOpenApiMediaType>
                {
                    ["application/json"] = new OpenApiMediaType { Schema = new OpenApiSchema { Type = JsonSchemaType.Object } },
                },
            };
        }
    }
}
