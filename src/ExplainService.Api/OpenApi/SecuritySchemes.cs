using ExplainService.Api.Access;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace ExplainService.Api.OpenApi;

/// <summary>
/// How callers say who they are, at each operation that may want to know. Whether one does is its operator's choice, which the document does
/// not know: nothing is the last of the alternatives.
/// </summary>
internal sealed class SecuritySchemes : IOperationFilter
{
    private const string Key = "key";
    private const string Bearer = "bearer";

    /// <summary>Describes the schemes.</summary>
    public static void Describe(SwaggerGenOptions document)
    {
        document.AddSecurityDefinition(
            Key,
            new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.ApiKey,
                In = ParameterLocation.Header,
                Name = KeyHeader.Name,
                Description = "A key of this service, where it has keys.",
            }
        );
        document.AddSecurityDefinition(
            Bearer,
            new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = "bearer",
                Description = "The same key, or a token of the issuer that the service trusts.",
            }
        );
        document.OperationFilter<SecuritySchemes>();
    }

    /// <inheritdoc/>
    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        if (context.ApiDescription.ActionDescriptor.EndpointMetadata.OfType<NeededScope>().LastOrDefault() is not { } needed)
        {
            return;
        }

        operation.Security =
        [
            new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Key, context.Document)] = [] },
            new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Bearer, context.Document)] = [.. needed.AnyOf] },
            [],
        ];
    }
}
