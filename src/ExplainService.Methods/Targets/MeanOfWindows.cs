namespace ExplainService.Methods.Targets;

/// <summary>The mean of every output over windows: a single window is its own.</summary>
public sealed class MeanOfWindows : ScoreCombination
{
    /// <summary>The only one that is needed.</summary>
    public static MeanOfWindows Instance { get; } = new();

    /// <inheritdoc/>
    public override double[] Of(IReadOnlyList<double[]> parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        if (parts.Count == 1)
        {
            return parts[0];
        }

        var sums = (double[])parts[0].Clone();
        foreach (var part in parts.Skip(1))
        {
            System.Numerics.Tensors.TensorPrimitives.Add(sums, part, sums);
        }

        return [.. sums.Select(sum => sum / parts.Count)];
    }

    /// <inheritdoc/>
    public override IReadOnlyList<int> Reads(int output) => [output];

    /// <inheritdoc/>
    public override (double Value, double[][] Slopes) At(int output, IReadOnlyList<double[]> parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        return (parts.Average(part => part[0]), [.. parts.Select(_ => new[] { 1.0 / parts.Count })]);
    }
}
