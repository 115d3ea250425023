using ExplainService.Methods.Contracts;
using ExplainService.Methods.Numerics;

namespace ExplainService.Methods.Faithfulness;

/// <summary>One figure of many texts: its mean, and the means of what stands beside it.</summary>
internal sealed class FigureSums
{
    private readonly RunningSpread values = new();
    private readonly RunningSpread randomMeans = new();
    private readonly RunningSpread randomDeviations = new();
    private readonly RunningSpread standings = new();
    private readonly RunningSpread normalised = new();

    /// <summary>One more text's; what it lacks counts for nothing.</summary>
    public void Add(MetricFigure figure)
    {
        values.Add(figure.Value);
        randomMeans.Add(figure.Random?.Mean);
        randomDeviations.Add(figure.Random?.Sd);
        standings.Add(figure.Z);
        normalised.Add(figure.Normalised);
    }

    /// <summary>The figure over all.</summary>
    public MetricFigure Mean() =>
        values.Count == 0
            ? new MetricFigure { Texts = 0 }
            : new MetricFigure
            {
                Value = values.Mean,
                StandardError = values.StandardError,
                Texts = values.Count,
                Random = randomMeans.Count > 0 ? new RandomFigures(randomMeans.Mean, randomDeviations.Mean) : null,
                Z = standings.MeanIfAny,
                Normalised = normalised.MeanIfAny,
            };
}
