namespace ExplainService.Methods.Targets;

/// <summary>The largest of every output over windows; its derivative is that of the window where it is reached.</summary>
public sealed class LargestOfWindows : ScoreCombination
{
    /// <inheritdoc/>
    public override double[] Of(IReadOnlyList<double[]> parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        return [.. Enumerable.Range(0, parts[0].Length).Select(output => parts.Max(part => part[output]))];
    }

    /// <inheritdoc/>
    public override IReadOnlyList<int> Reads(int output) => [output];

    /// <inheritdoc/>
    public override (double Value, double[][] Slopes) At(int output, IReadOnlyList<double[]> parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        var largest = parts.Index().MaxBy(part => part.Item[0]).Index;
        return (parts[largest][0], [.. parts.Select((_, part) => new[] { part == largest ? 1.0 : 0.0 })]);
    }
}
