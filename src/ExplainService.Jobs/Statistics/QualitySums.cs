using System.Text.Json;
using ExplainService.Jobs.Contracts;
using ExplainService.Methods.Contracts;
using ExplainService.Methods.Numerics;

namespace ExplainService.Jobs.Statistics;

/// <summary>How far the scores of explanations that measured themselves can be trusted.</summary>
internal sealed class QualitySums
{
    /// <summary>The metric that says it.</summary>
    public const string Metric = "area";

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
        random.Add(known.Random?.Mean);
        standings.Add(known.Z);
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
                Random = random.MeanIfAny,
                Z = standings.MeanIfAny,
            };
}
