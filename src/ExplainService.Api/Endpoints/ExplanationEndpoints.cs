using ExplainService.Api.Access;
using ExplainService.Api.Pipeline;
using ExplainService.Methods;

namespace ExplainService.Api.Endpoints;

/// <summary>An endpoint for every method of the catalogue; what they have in common is in <see cref="ExplanationPipeline"/>.</summary>
internal static class ExplanationEndpoints
{
    /// <summary>Maps every explanation endpoint.</summary>
    public static void MapExplanations(this WebApplication app)
    {
        foreach (var method in app.Services.GetRequiredService<MethodCatalog>().Methods)
        {
            app.MapPost(
                    method.Path,
                    (HttpContext context, ExplanationPipeline pipeline) => pipeline.ServeAsync(method.RequestType, context)
                )
                .WithName(method.Path.TrimStart('/'))
                .WithTags("explanations")
                .WithSummary(method.Summary)
                .WithMetadata(new ExplanationEndpoint(method), new NeededScope(Scopes.Explain));
        }
    }
}

/// <summary>Marks an explanation endpoint for the OpenAPI document.</summary>
/// <param name="Method">What answers there.</param>
internal sealed record ExplanationEndpoint(IExplanationMethod Method);
