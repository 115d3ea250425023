using ExplainService.Methods.Contracts;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace ExplainService.Api.OpenApi;

/// <summary>Says that requests take no unknown fields, and that every answer has the fields that are not nullable.</summary>
internal sealed class ClosedSchemas : ISchemaFilter
{
    private static readonly Type[] AlsoClosed = [typeof(TargetRequest), typeof(SpanRequest)];

    /// <inheritdoc/>
    public void Apply(IOpenApiSchema schema, SchemaFilterContext context)
    {
        if (
            schema is OpenApiSchema { Properties.Count: > 0 } closed
            && (context.Type.IsAssignableTo(typeof(ExplainRequest)) || AlsoClosed.Contains(context.Type))
        )
        {
            closed.AdditionalPropertiesAllowed = false;
        }
    }
}
