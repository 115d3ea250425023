using System.Text.Json.Nodes;
using ExplainService.Api.Endpoints;
using ExplainService.Jobs.Contracts;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace ExplainService.Api.OpenApi;

/// <summary>What the operations of jobs take: the two parts of an upload, and bodies that work as they stand.</summary>
internal sealed class JobOperations : IOperationFilter
{
    /// <inheritdoc/>
    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        if (operation.OperationId == JobEndpoints.Post)
        {
            var job = context.SchemaGenerator.GenerateSchema(typeof(JobRequest), context.SchemaRepository);
            operation.RequestBody = new OpenApiRequestBody
            {
                Required = true,
                Description = "The job; or, as multipart/form-data, a part `job` with it and a part `file` with its rows.",
                Content = new Dictionary<string, IOpenApiMediaType>
                {
                    ["application/json"] = new OpenApiMediaType { Schema = job, Example = Job() },
                    ["multipart/form-data"] = new OpenApiMediaType
                    {
                        Schema = new OpenApiSchema
                        {
                            Type = JsonSchemaType.Object,
                            Required = new HashSet<string> { "job" },
                            Properties = new Dictionary<string, IOpenApiSchema>
                            {
                                ["job"] = job,
                                ["file"] = new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary" },
                            },
                        },
                    },
                },
            };
        }
        else if (
            operation.OperationId == JobEndpoints.AskSurrogate
            && operation.RequestBody?.Content?["application/json"] is OpenApiMediaType body
        )
        {
            body.Example = new JsonObject { ["text"] = "A gripping film." };
        }
    }

    private static JsonObject Job() =>
        new()
        {
            ["kind"] = "predict",
            ["input"] = new JsonObject { ["texts"] = new JsonArray("A gripping film.", "Dull from start to end.") },
        };
}
