using System.Text.Json.Nodes;
using ExplainService.Methods;
using Microsoft.OpenApi;

namespace ExplainService.Api.OpenApi;

/// <summary>An explanation that is judged: an endpoint with its fields, or anybody's scores.</summary>
internal static class ExplanationSourceSchema
{
    /// <summary>One of the two.</summary>
    public static OpenApiSchema Create() =>
        new()
        {
            Description =
                "An explanation that is judged: by an endpoint and that endpoint's own fields, or scores from anywhere, whose spans are the units.",
            OneOf = [OfEndpoint(), OfScores()],
        };

    private static OpenApiSchema OfEndpoint() =>
        new()
        {
            Type = JsonSchemaType.Object,
            Properties = new Dictionary<string, IOpenApiSchema>
            {
                ["name"] = Of(JsonSchemaType.String),
                ["endpoint"] = new OpenApiSchema
                {
                    Type = JsonSchemaType.String,
                    Enum = [.. MethodCatalog.Default.Methods.Where(method => method.ScoresParts).Select(method => (JsonNode)method.Path)],
                },
            },
            Required = new HashSet<string> { "endpoint" },
            AdditionalPropertiesAllowed = true,
        };

    private static OpenApiSchema OfScores() =>
        new()
        {
            Type = JsonSchemaType.Object,
            Properties = new Dictionary<string, IOpenApiSchema>
            {
                ["name"] = Of(JsonSchemaType.String),
                ["scores"] = new OpenApiSchema
                {
                    Type = JsonSchemaType.Array,
                    MinItems = 1,
                    Items = new OpenApiSchema
                    {
                        Type = JsonSchemaType.Object,
                        Properties = new Dictionary<string, IOpenApiSchema>
                        {
                            ["start"] = Of(JsonSchemaType.Integer),
                            ["end"] = Of(JsonSchemaType.Integer),
                            ["score"] = Of(JsonSchemaType.Number),
                        },
                        Required = new HashSet<string> { "start", "end", "score" },
                        AdditionalPropertiesAllowed = false,
                    },
                },
            },
            Required = new HashSet<string> { "scores" },
            AdditionalPropertiesAllowed = false,
        };

    private static OpenApiSchema Of(JsonSchemaType type) => new() { Type = type };
}
