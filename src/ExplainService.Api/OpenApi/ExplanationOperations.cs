using System.Text.Json.Nodes;
using ExplainService.Api.Endpoints;
using ExplainService.Methods;
using ExplainService.Protocol.Problems;
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

        var request = context.SchemaGenerator.GenerateSchema(endpoint.Method.RequestType, context.SchemaRepository);
        var answer = context.SchemaGenerator.GenerateSchema(endpoint.Method.AnswerType, context.SchemaRepository);
        operation.RequestBody = new OpenApiRequestBody
        {
            Required = true,
            Description = "One request; or, as application/x-ndjson, one request a line, answered one a line in the same order.",
            Content = new Dictionary<string, IOpenApiMediaType>
            {
                ["application/json"] = new OpenApiMediaType { Schema = request, Example = Example(endpoint.Method) },
                ["application/x-ndjson"] = new OpenApiMediaType { Schema = request },
            },
        };
        var line = new OpenApiSchema
        {
            Description = "An answer, or the problem of this line: only a problem has `status`.",
            OneOf = [answer, context.SchemaGenerator.GenerateSchema(typeof(Problem), context.SchemaRepository)],
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
                ["application/x-ndjson"] = new OpenApiMediaType { Schema = line },
                ["image/svg+xml"] = new OpenApiMediaType { Schema = new OpenApiSchema { Type = JsonSchemaType.String } },
                ["image/png"] = new OpenApiMediaType
                {
                    Schema = new OpenApiSchema { Type = JsonSchemaType.String, ContentMediaType = "image/png" },
                },
                ["text/html"] = new OpenApiMediaType { Schema = new OpenApiSchema { Type = JsonSchemaType.String } },
            },
        };
    }

    private static JsonObject Example(IExplanationMethod method)
    {
        var example = new JsonObject { ["text"] = ExampleText };
        foreach (var (field, value) in method.Example)
        {
            example[field] = value?.DeepClone();
        }

        return example;
    }
}
