using ExplainService.Graph.Building;
using ExplainService.Graph.Rewrites.Decompose.Attention;

namespace ExplainService.Graph.Rewrites.Decompose.Dequantise;

/// <summary>com.microsoft.QAttention: <see cref="AttentionRewrite"/> of a quantised input and weight.</summary>
internal sealed class QAttentionRewrite : IRewrite
{
    public IEnumerable<(string Domain, string Op)> Operators => [("com.microsoft", "QAttention")];

    public bool Apply(RewriteStep step)
    {
        var node = step.Node;
        return step.Quantised.Real(node.Inputs[0], node.Inputs[3], node.Input(6)) is { } input
            && step.Quantised.Real(node.Inputs[1], node.Inputs[4], node.Input(7)) is { } weights
            && AttentionRewrite.Emit(step, input, weights, step.In(2), step.In(5), step.In(8), null);
    }
}

/// <summary>com.microsoft.QEmbedLayerNormalization: <see cref="EmbedLayerNormalizationRewrite"/> of quantised tables.</summary>
internal sealed class QEmbedLayerNormalizationRewrite : IRewrite
{
    public IEnumerable<(string Domain, string Op)> Operators => [("com.microsoft", "QEmbedLayerNormalization")];

    public bool Apply(RewriteStep step)
    {
        // Inputs 2 to 6 are tables, scale and bias; 8 to 12 their scales, 13 to 17 their zero points.
        var parts = Enumerable.Range(2, 5).Select(index => Part(step, index)).ToArray();
        if (parts[0] is not { } words || parts[1] is not { } places || parts[3] is not { } scale || parts[4] is not { } bias)
        {
            return false;
        }

        if (parts[2] is null && step.In(4) is not null)
        {
            return false;
        }

        EmbedLayerNormalizationRewrite.Emit(step, words, places, parts[2], scale, bias, step.In(7), null);
        return true;
    }

    private static Value? Part(RewriteStep step, int index) =>
        step.Node.Input(index) is { } name ? step.Quantised.Real(name, step.Node.Input(index + 6), step.Node.Input(index + 11)) : null;
}
