using ExplainService.Methods.Contracts;
using ExplainService.Methods.Faithfulness.Metrics;
using ExplainService.Methods.Pipeline;

namespace ExplainService.Methods.Faithfulness;

/// <summary>What is measured, as requests say it.</summary>
/// <param name="Metrics">The metrics.</param>
/// <param name="Replacements">What stands in for removed units.</param>
/// <param name="RandomOrders">How many random rankings there are to compare with.</param>
/// <param name="Normalise">Whether limits are wanted.</param>
internal sealed record Measurement(
    IReadOnlyList<Metric> Metrics,
    IReadOnlyList<ReplacementRequest> Replacements,
    int RandomOrders,
    bool Normalise
)
{
    /// <summary>Random rankings by default.</summary>
    public const int DefaultRandomOrders = 20;

    /// <summary>A text that masks is not a text that lacks words, and neither is one that people write: both are looked at.</summary>
    public static readonly IReadOnlyList<ReplacementRequest> DefaultReplacements = [new(ReplacementKind.Mask), new(ReplacementKind.Delete)];

    /// <summary>A flat patch is as foreign to a picture as a mask to a text; one out of focus is not.</summary>
    private static readonly IReadOnlyList<ReplacementRequest> DefaultOfPictures = [new(ReplacementKind.Mean), new(ReplacementKind.Blur)];

    /// <summary>What stands in for removed units where a request does not say.</summary>
    public static IReadOnlyList<ReplacementRequest> DefaultsOf(TextRequest request) =>
        request.Image is null ? DefaultReplacements : DefaultOfPictures;

    /// <summary>The most texts that it scores of so many units, beside those of limits.</summary>
    public long Rows(int units, int explanations) =>
        Metrics.Any(metric => metric.ReadsTexts) ? 2L * Replacements.Count * units * (RandomOrders + explanations) : Replacements.Count;

    /// <summary>Checks lists of metrics and replacements.</summary>
    /// <exception cref="InvalidRequestException">400.</exception>
    public static void Check(IReadOnlyList<Choice<MetricList>>? metrics, IReadOnlyList<ReplacementRequest>? replacements)
    {
        if (metrics is not null && (metrics.Count == 0 || metrics.Distinct().Count() < metrics.Count))
        {
            throw InvalidRequestException.Malformed("metrics", "must name each metric once, at least one");
        }

        if (
            replacements is not null
            && (replacements.Count == 0 || replacements.DistinctBy(replacement => replacement.Kind).Count() < replacements.Count)
        )
        {
            throw InvalidRequestException.Malformed("replacements", "must name each kind once, at least one");
        }
    }

    /// <summary>Texts that stand in for removed units, by their fields.</summary>
    public static IEnumerable<(string Field, string? Text)> TextsOf(IReadOnlyList<ReplacementRequest>? replacements) =>
        (replacements ?? []).Select((replacement, index) => (FormattableString.Invariant($"replacements[{index}].text"), replacement.Text));

    /// <summary>Whether a rationale is compared with: the default metrics do that of themselves.</summary>
    public static bool HeedsRationale(IReadOnlyList<Choice<MetricList>>? metrics) => metrics is null || metrics.Contains("plausibility");

    /// <summary>The tables of the replacements.</summary>
    public async Task<IReadOnlyList<SetTable>> TablesAsync(
        ExplanationContext context,
        EvaluationBudget budget,
        CancellationToken cancellationToken
    )
    {
        var tables = new List<SetTable>();
        foreach (var replacement in Replacements)
        {
            try
            {
                tables.Add(
                    await SetTable.OfAsync(replacement, context, context.Units.Leaves, budget, cancellationToken).ConfigureAwait(false)
                );
            }
            catch (InvalidRequestException refused) when (refused.Errors.ContainsKey("replacement"))
            {
                throw InvalidRequestException.CannotDo("replacements", refused.Message);
            }
        }

        return tables;
    }

    /// <summary>What metrics need of the text.</summary>
    /// <param name="context">The request.</param>
    /// <param name="rationale">The spans that a person gives as reasons.</param>
    /// <exception cref="InvalidRequestException">A span is malformed (400), or none has a token (422).</exception>
    public static Evidence EvidenceOf(ExplanationContext context, IReadOnlyList<IReadOnlyList<int>>? rationale)
    {
        var units = context.Units.Leaves.Units;
        return new Evidence(units.Count)
        {
            RandomSets = RandomSets.Draw(units.Count, context.Seed),
            Rationale = rationale is null ? null : Rationale(context.Input, units, rationale),
            Tokens = [.. units.Select(unit => unit.Tokens.Count)],
            BeginsText = [.. units.Select((unit, index) => index == 0 || units[index - 1].Sequence != unit.Sequence)],
        };
    }

    private static bool[] Rationale(PreparedInput input, IReadOnlyList<Unit> units, IReadOnlyList<IReadOnlyList<int>> rationale)
    {
        if (rationale.Count is 0 or > RequestChecks.MaxSpans)
        {
            throw InvalidRequestException.Malformed(
                "rationale",
                FormattableString.Invariant($"must have from 1 to {RequestChecks.MaxSpans} spans")
            );
        }

        var inside = new bool[units.Count];
        foreach (var (index, span) in rationale.Index())
        {
            var resolved = SpanUnits.Resolve(input, span, FormattableString.Invariant($"rationale[{index}]"));
            foreach (var (at, unit) in units.Index())
            {
                inside[at] |= unit.Sequence == 0 && unit.Start < resolved.End && resolved.Start < unit.End;
            }
        }

        return Array.Exists(inside, touched => touched)
            ? inside
            : throw InvalidRequestException.CannotDo("rationale", "No unit of the text lies in these spans.");
    }
}
