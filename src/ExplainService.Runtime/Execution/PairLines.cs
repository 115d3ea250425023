namespace ExplainService.Runtime.Execution;

/// <summary>A row of two texts as two lines of a batch, and what is computed of the lines as one result again.</summary>
internal static class PairLines
{
    /// <summary>The text's line, then the pair's.</summary>
    /// <param name="point">A row of two texts.</param>
    /// <param name="size">Numbers of an embedding.</param>
    public static GradientRow[] Of(GradientRow point, int size)
    {
        var (text, pair) = point.Row.Halves();
        var split = point.Row.PairStart * size;
        return
        [
            point with
            {
                Row = text,
                Embeddings = point.Embeddings?[..split],
            },
            point with
            {
                Row = pair,
                Embeddings = point.Embeddings?[split..],
            },
        ];
    }

    /// <summary>Gradients one behind the other; relevance in two blocks, as no token attends to the other text's.</summary>
    public static GradientResult Join(GradientResult text, GradientResult pair) =>
        new(
            text.Score,
            [.. text.Gradient, .. pair.Gradient],
            [],
            text.Relevance is null ? null : [.. text.Relevance.Zip(pair.Relevance!, SquareBlocks.Join)]
        )
        {
            Frozen = text.Frozen,
        };
}
