namespace ExplainService.Methods.Targets;

/// <summary>
/// How f is made of the scores of what the model reads apart: the windows of a long text, two texts that are compared, a text beside each of
/// several hypotheses.
/// </summary>
public abstract class ScoreCombination
{
    /// <summary>f of every output.</summary>
    /// <param name="parts">[part][score of the part].</param>
    public abstract double[] Of(IReadOnlyList<double[]> parts);

    /// <summary>Which scores of a part one output reads.</summary>
    /// <param name="output">The output.</param>
    public abstract IReadOnlyList<int> Reads(int output);

    /// <summary>f of one output, and its derivative by every score that it reads, [part][as <see cref="Reads"/> lists them].</summary>
    /// <param name="output">The output.</param>
    /// <param name="parts">[part][as <see cref="Reads"/> lists them].</param>
    public abstract (double Value, double[][] Slopes) At(int output, IReadOnlyList<double[]> parts);
}
