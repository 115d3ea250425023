namespace ExplainService.Methods.Numerics;

/// <summary>Mean and deviation of a sample.</summary>
/// <param name="Mean">The mean.</param>
/// <param name="Deviation">The standard deviation, over n − 1; null of fewer than two values.</param>
/// <param name="StandardError">That of the mean; null likewise.</param>
internal readonly record struct SampleSpread(double Mean, double? Deviation, double? StandardError)
{
    /// <summary>Of at least one value.</summary>
    public static SampleSpread Of(double[] values)
    {
        var mean = values.Average();
        if (values.Length < 2)
        {
            return new SampleSpread(mean, null, null);
        }

        var variance = values.Sum(value => (value - mean) * (value - mean)) / (values.Length - 1);
        return new SampleSpread(mean, Math.Sqrt(variance), Math.Sqrt(variance / values.Length));
    }
}
