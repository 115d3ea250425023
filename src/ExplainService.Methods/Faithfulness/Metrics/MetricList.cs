using ExplainService.Methods.Contracts;

namespace ExplainService.Methods.Faithfulness.Metrics;

/// <summary>Every metric, in the order in which a budget is spent on them: cheap ones first.</summary>
public sealed class MetricList : IChoices
{
    /// <summary>All of them.</summary>
    internal static IReadOnlyList<Metric> All { get; } =
    [
        new Comprehensiveness(),
        new Sufficiency(),
        new LogOdds(),
        new LeaveOneOut(),
        new LinearDatamodel(),
        new Infidelity(),
        new Sparsity(),
        new Plausibility(),
        new Area(),
        new AreaOverCurves(),
        new DeletionArea(),
        new InsertionArea(),
        new MaxSensitivity(),
        new Randomisation(),
    ];

    /// <inheritdoc/>
    public static IReadOnlyList<string> Names { get; } = [.. All.Select(metric => metric.Name)];

    /// <summary>Which figure of a metric is the more faithful one.</summary>
    /// <param name="metric">One of <see cref="Names"/>.</param>
    /// <param name="part">A part of it as answers call it; null: its value.</param>
    public static Better BetterOf(string metric, string? part)
    {
        var own = All.Single(one => one.Name == metric);
        return own.BetterOf(own.Parts.Index().First(one => one.Item == part).Index);
    }

    /// <summary>Those that a request names; the default ones where it names none.</summary>
    /// <param name="chosen">The names.</param>
    /// <param name="hasRationale">Whether there is a rationale to compare with.</param>
    internal static IReadOnlyList<Metric> Of(IReadOnlyList<Choice<MetricList>>? chosen, bool hasRationale) =>
        chosen is null
            ? [.. All.Where(metric => metric.IsDefault && (metric is not Plausibility || hasRationale))]
            : [.. All.Where(metric => chosen.Contains(metric.Name))];
}
