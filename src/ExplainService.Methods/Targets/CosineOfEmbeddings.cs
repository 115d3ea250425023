using System.Numerics.Tensors;

namespace ExplainService.Methods.Targets;

/// <summary>The cosine of two texts' embeddings, which are all the scores of a part. Its derivative is taken inside the model's graph.</summary>
public sealed class CosineOfEmbeddings : ScoreCombination
{
    /// <inheritdoc/>
    public override double[] Of(IReadOnlyList<double[]> parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        return [Finite.Score(TensorPrimitives.CosineSimilarity<double>(parts[0], parts[1]))];
    }

    /// <inheritdoc/>
    public override IReadOnlyList<int> Reads(int output) => throw Apart();

    /// <inheritdoc/>
    public override (double Value, double[][] Slopes) At(int output, IReadOnlyList<double[]> parts) => throw Apart();

    private static NotSupportedException Apart() => new("Two embeddings are compared inside the graph.");
}
