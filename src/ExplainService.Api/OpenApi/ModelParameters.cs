using ExplainService.Api.Endpoints;
using ExplainService.Runtime.Models;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace ExplainService.Api.OpenApi;

/// <summary>Which model a page that tries the endpoints out asks for: the bundled one.</summary>
internal sealed class ModelParameters : IOperationFilter
{
    /// <inheritdoc/>
    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        if (operation.Tags?.Any(tag => tag.Name == JobEndpoints.Tag) == true)
        {
            return;
        }

        foreach (var parameter in operation.Parameters?.OfType<OpenApiParameter>() ?? [])
        {
            if (parameter is { In: ParameterLocation.Path, Name: "id" })
            {
                parameter.Description = "The model's name: its folder's.";
                parameter.Example = ModelOptions.Bundled;
            }
        }
    }
}
