using ExplainService.Api.Pipeline;
using ExplainService.Methods.Contracts;

namespace ExplainService.Api.Endpoints;

/// <summary>One line an endpoint; what they have in common is in <see cref="ExplanationPipeline"/>.</summary>
internal static class ExplanationEndpoints
{
    /// <summary>Maps every explanation endpoint.</summary>
    public static void MapExplanations(this IEndpointRouteBuilder routes)
    {
        routes.MapExplanation<PredictRequest>("/predict", "What the model says of the text");
        routes.MapExplanation<TokenizeRequest>("/tokenize", "The tokens that the model sees, with their offsets in the text");
        routes.MapExplanation<AttentionRequest>("/attention", "Attention maps, one by one or combined");
        routes.MapExplanation<SaliencyRequest>("/saliency", "Gradient attributions");
        routes.MapExplanation<OcclusionRequest>("/occlusion", "How the target falls when parts of the text are removed");
        routes.MapExplanation<PermutationRequest>("/permutation", "How the target falls when other units take a unit's place");
        routes.MapExplanation<ShapRequest>("/shap", "Shapley values of the parts of the text");
        routes.MapExplanation<LimeRequest>("/lime", "A linear model around the text");
    }

    private static void MapExplanation<TRequest>(this IEndpointRouteBuilder routes, string path, string summary)
        where TRequest : ExplainRequest =>
        routes
            .MapPost(path, (HttpContext context, ExplanationPipeline pipeline) => pipeline.ServeAsync<TRequest>(context))
            .WithName(path.TrimStart('/'))
            .WithTags("explanations")
            .WithSummary(summary)
            .WithMetadata(new ExplanationEndpoint(typeof(TRequest)));
}

/// <summary>Marks an explanation endpoint for the OpenAPI document.</summary>
/// <param name="Request">What its body is read as.</param>
internal sealed record ExplanationEndpoint(Type Request);
