using ExplainService.Api.Telemetry;
using ExplainService.Methods.Contracts;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace ExplainService.Api.OpenApi;

/// <summary>Says that requests take no unknown fields, and which they must have.</summary>
internal sealed class RequestSchemas : ISchemaFilter
{
    /// <summary>Whether a type is one that requests bring.</summary>
    public static bool IsOfRequests(Type type) => type.IsAssignableTo(typeof(ExplainRequest)) || KnownFields.RequestParts.Contains(type);

    /// <inheritdoc/>
    public void Apply(IOpenApiSchema schema, SchemaFilterContext context)
    {
        if (schema is not OpenApiSchema { Properties.Count: > 0 } closed || !IsOfRequests(context.Type))
        {
            return;
        }

        closed.AdditionalPropertiesAllowed = false;
        if (context.Type.IsAssignableTo(typeof(TextRequest)))
        {
            // Messages may stand in its place.
            closed.Required = null;
        }
    }
}
