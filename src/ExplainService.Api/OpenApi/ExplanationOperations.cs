using System.Text.Json.Nodes;
using ExplainService.Api.Endpoints;
using ExplainService.Methods.Contracts;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace ExplainService.Api.OpenApi;

/// <summary>Describes what every explanation endpoint takes and gives: one or a stream of requests, JSON or a picture.</summary>
internal sealed class ExplanationOperations : IOperationFilter
{
    private const string ExampleText = "A gripping film, and a warm one.";

    /// <inheritdoc/>
    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        if (context.ApiDescription.ActionDescriptor.EndpointMetadata.OfType<ExplanationEndpoint>().FirstOrDefault() is not { } endpoint)
        {
            return;
        }

        var request = context.SchemaGenerator.GenerateSchema(endpoint.Request, context.SchemaRepository);
        var answer = context.SchemaGenerator.GenerateSchema(typeof(Explanation), context.SchemaRepository);
        operation.RequestBody = new OpenApiRequestBody
        {
            Required = true,
            Description = "One request; or, as application/x-ndjson, one request a line, answered one a line in the same order.",
            Content = new Dictionary<string, IOpenApiMediaType>
            {
                ["application/json"] = new OpenApiMediaType { Schema = request, Example = Example(endpoint.Request) },
                ["application/x-ndjson"] = new OpenApiMediaType { Schema = request },
            },
        };
        operation.Parameters ??= [];
        foreach (var parameter in PictureParameters.All)
        {
            operation.Parameters.Add(parameter);
        }

        operation.Responses ??= [];
        operation.Responses["200"] = new OpenApiResponse
        {
            Description = "The explanation; of a stream, an explanation or a problem for each line.",
            Content = new Dictionary<string, IOpenApiMediaType>
            {
                ["application/json"] = new OpenApiMediaType { Schema = answer },
                ["application/x-ndjson"] = new OpenApiMediaType { Schema = answer },
                ["image/svg+xml"] = new OpenApiMediaType { Schema = new OpenApiSchema { Type = JsonSchemaType.String } },
                ["image/png"] = new OpenApiMediaType
                {
                    Schema = new OpenApiSchema { Type = JsonSchemaType.String, ContentMediaType = "image/png" },
                },
                ["text/html"] = new OpenApiMediaType { Schema = new OpenApiSchema { Type = JsonSchemaType.String } },
            },
        };
    }

    private static JsonObject Example(Type request)
    {
        var example = new JsonObject { ["text"] = ExampleText };
        var own = request switch
        {
            var type when type == typeof(SaliencyRequest) => new JsonObject
            {
                ["method"] = "integrated_gradients",
                ["baseline"] = "pad",
                ["steps"] = 50,
            },
            var type when type == typeof(AttentionRequest) => new JsonObject { ["aggregate"] = "rollout" },
            var type when type == typeof(OcclusionRequest) => new JsonObject { ["granularity"] = "word", ["replacement"] = "mask" },
            var type when type == typeof(ShapRequest) => new JsonObject
            {
                ["target"] = new JsonObject { ["label"] = "positive" },
                ["max_evaluations"] = 256,
            },
            var type when type == typeof(LimeRequest) => new JsonObject { ["samples"] = 500, ["seed"] = 7 },
            _ => [],
        };
        foreach (var (field, value) in own)
        {
            example[field] = value?.DeepClone();
        }

        return example;
    }
}
