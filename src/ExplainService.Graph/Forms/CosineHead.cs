using ExplainService.Graph.Building;

namespace ExplainService.Graph.Forms;

/// <summary>The cosine of the embeddings of two texts that stand beside each other in a batch, and what it owes to each.</summary>
internal static class CosineHead
{
    /// <summary>cos(a, b) [batch] and its gradient with respect to the embeddings [2 · batch, 1, size].</summary>
    /// <param name="embeddings">[2 · batch, 1, size]: a text, its pair, the next text …</param>
    public static (Value Score, Value Gradient) Emit(Value embeddings)
    {
        var pairs = embeddings.Reshape(-1, 2, 0);
        var (a, b) = (pairs.Slice(1, 0, 1), pairs.Slice(1, 1, 2));
        var (squareA, squareB) = ((a * a).ReduceSum([2]), (b * b).ReduceSum([2]));
        var norms = (squareA * squareB).Sqrt();
        var cosine = (a * b).ReduceSum([2]) / norms;
        var slopes = embeddings.Tape.Concat(1, b / norms - a * (cosine / squareA), a / norms - b * (cosine / squareB));
        return (cosine.Squeeze(1, 2), slopes.ReshapeLike(embeddings));
    }
}
