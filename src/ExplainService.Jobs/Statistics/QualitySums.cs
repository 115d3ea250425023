using System.Text.Json;
using ExplainService.Jobs.Contracts;
using ExplainService.Methods.Contracts;
using ExplainService.Methods.Numerics;

namespace ExplainService.Jobs.Statistics;

/// <summary>How far the scores of explanations that measured themselves can be trusted.</summary>
internal sealed class QualitySums
{
    private const string Metric = "area";
    private const string Replacement = "mask";

    private readonly RunningSpread areas = new();
    private readonly RunningSpread random = new();
    private readonly RunningSpread standings = new();
    private string method = "";

    /// <summary>One more row, which may have measured nothing.</summary>
    public void Add(JsonElement line)
    {
        if (
            !line.TryGetProperty("quality", out var quality)
            || !quality.TryGetProperty(Metric, out var replacements)
            || !replacements.TryGetProperty(Replacement, out var figure)
            || figure.Deserialize<MetricAnswer>(JobsJson.Lines) is not { Value: { } area } known
        )
        {
            return;
        }

        method = line.GetProperty("method").GetString()!;
        areas.Add(area);
        if (known.Random is { } chance)
        {
            random.Add(chance.Mean);
        }

        if (known.Z is { } standing)
        {
            standings.Add(standing);
        }
    }

    /// <summary>What they say; null where nothing was measured.</summary>
    public FaithfulnessSummary? Summary() =>
        areas.Count == 0
            ? null
            : new FaithfulnessSummary
            {
                Method = method,
                Rows = areas.Count,
                Area = areas.Mean,
                StandardError = areas.StandardError,
                Random = random.Count > 0 ? random.Mean : null,
                Z = standings.Count > 0 ? standings.Mean : null,
            };

    /// <summary>Of the recommended method of a comparison: means over the replacements.</summary>
    public static FaithfulnessSummary? Of(ComparisonSummary comparison)
    {
        if (comparison.Recommendation is not { } recommended)
        {
            return null;
        }

        MetricAnswer[] figures = [.. comparison.Methods.First(method => method.Name == recommended.Name).Metrics[Metric].Values];
        return new FaithfulnessSummary
        {
            Method = recommended.Name,
            Rows = figures.Min(figure => figure.Texts ?? comparison.Texts),
            Area = figures.Average(figure => figure.Value ?? 0),
            Random = figures.All(figure => figure.Random is not null) ? figures.Average(figure => figure.Random!.Mean) : null,
            Z = figures.All(figure => figure.Z is not null) ? figures.Average(figure => figure.Z!.Value) : null,
        };
    }
}
