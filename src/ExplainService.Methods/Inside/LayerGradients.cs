using ExplainService.Runtime;

namespace ExplainService.Methods.Inside;

/// <summary>What the residual stream contributes to f at each token behind each layer.</summary>
internal static class LayerGradients
{
    /// <summary>Σ_d h ⊙ ∂f/∂h at the text itself, by the rules of calculus or of relevance.</summary>
    public static async Task<LayerScores> AtTextAsync(
        ExplanationContext context,
        Propagation propagation,
        CancellationToken cancellationToken
    )
    {
        var result = await InsideGradient.OfAsync(context, propagation, GradientOutputs.Layers, cancellationToken).ConfigureAwait(false);
        var layers = result.Inside!.LayerScores;
        return new LayerScores([
            .. layers.Select((scores, layer) => Answer(layer, [.. scores.Take(context.Input.Tokens.Count).Select(score => (double)score)])),
        ])
        {
            Frozen = result.Frozen,
        };
    }

    /// <summary>A layer whose tokens have scores.</summary>
    public static LayerAnswer Answer(int layer, double[] scores) => new() { Layer = layer, Scores = scores };
}
