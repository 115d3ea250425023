using System.Text.Json.Serialization.Metadata;
using ExplainService.Methods.Contracts;
using ExplainService.Methods.Perturbation;
using ExplainService.Methods.Pipeline;
using ExplainService.Runtime;
using ExplainService.Text.Units;

namespace ExplainService.Methods.Permutation;

/// <summary><c>/permutation</c>: what f loses when other units take a unit's place.</summary>
public sealed class PermutationMethod : ExplanationMethod<PermutationRequest, PermutationAnswer>
{
    private const int DefaultSamples = 10;
    private const int DefaultSamplesInWindows = 3;
    private const int MaxBackgroundTexts = 10_000;

    /// <inheritdoc/>
    public override string Path => "/permutation";

    /// <inheritdoc/>
    public override string Title => "Permutation";

    /// <inheritdoc/>
    public override string Summary => "How the target falls when other units take a unit's place";

    /// <inheritdoc/>
    public override IJsonTypeInfoResolver Json => PermutationJson.Default;

    /// <inheritdoc/>
    public override string? NoPicturesReason => null;

    /// <inheritdoc/>
    public override IReadOnlyList<SupportedFeature> Features { get; } =
    [new("permutation", "Permutation", [ModelFeature.Predict]) { Comparison = [] }];

    /// <inheritdoc/>
    public override bool ReadsWindows => true;

    /// <inheritdoc/>
    public override bool Perturbs => true;

    /// <inheritdoc/>
    public override Granularity? Units => Granularity.Word;

    /// <inheritdoc/>
    protected override long ExpectedRows(PermutationRequest request, ModelDescription model, PreparedInput input, UnitHierarchy units)
    {
        var samples = Samples(request, input);
        return input.Windows.Count
            + units
                .Levels()
                .Select(
                    (nodes, level) =>
                    {
                        var group = GroupSize(request, input, nodes.Count);
                        var rounds = ReplacementPool.Expected(
                            nodes.Count,
                            request.Background,
                            GranularityOf(request, level),
                            most: samples
                        );
                        return rounds * LongTexts.ChangedRows(input, nodes.Count, (nodes.Count + group - 1) / group, group);
                    }
                )
                .Sum();
    }

    /// <inheritdoc/>
    protected override string? NoPartialResultReason(PermutationRequest request) => null;

    /// <inheritdoc/>
    protected override void Check(PermutationRequest request)
    {
        if (request.Background is { Count: < 1 or > MaxBackgroundTexts })
        {
            throw InvalidRequestException.Malformed(
                "background",
                FormattableString.Invariant($"must have from 1 to {MaxBackgroundTexts} texts")
            );
        }

        if (request.Background is { } texts && texts.Any(string.IsNullOrWhiteSpace))
        {
            throw InvalidRequestException.Malformed("background", "must hold no empty text");
        }
    }

    /// <inheritdoc/>
    protected override async Task<PermutationAnswer> ExplainAsync(
        PermutationRequest request,
        ExplanationContext context,
        CancellationToken cancellationToken
    )
    {
        var hierarchy = context.Units;
        var main = context.Target.MainOutput;
        var (evaluations, unjudged) = (0, false);
        (UnitSet Units, PermutationEstimate Estimate)? coarsest = null;
        var (answers, whole) = await HierarchyScorer.ScoreAsync(context, hierarchy, ScoreAsync).ConfigureAwait(false);
        if (coarsest is not { Units: var units, Estimate: var top })
        {
            // The time may have been up before a finer level, which would have had others.
            throw whole
                ? InvalidRequestException.CannotDo(
                    "text",
                    "The text has a single unit and so no other to put in its place; give a \"background\" or a finer granularity."
                )
                : new NoPartialResultException();
        }

        var scored = new ScoredUnits(context, top.Scores);
        if (!whole)
        {
            scored.Warn(evaluations);
        }

        if (unjudged)
        {
            context.Warnings.Add(
                new Warning(
                    WarningCode.NoStandardError,
                    "A unit that was replaced only once has no standard error, as one draw tells nothing of the spread."
                        + (whole ? " Raise samples." : "")
                )
            );
        }

        var generated = await GeneratedPermutation
            .MeasureAsync(context, request.Background, Samples(request, context.Input), cancellationToken)
            .ConfigureAwait(false);
        evaluations += generated?.Evaluations ?? 0;
        if (generated is { Scores: null })
        {
            context.Warnings.Add(
                new Warning(
                    WarningCode.NoGeneratedScores,
                    FormattableString.Invariant(
                        $"The deadline of {context.Deadline.Milliseconds} ms passed before the earlier generated tokens were replaced; they have no \"generated_scores\"."
                    )
                )
            );
        }

        return new PermutationAnswer
        {
            Granularity = hierarchy.Name,
            Units = answers,
            Value = top.Value[main],
            Labels = LabelAnswers.Of(
                context.Target,
                scored.Scores,
                value: top.Value,
                standardErrors: top.StandardErrors is { } known ? scored.Of(known) : null
            ),
            Generated = GeneratedAnswers.Of(context, units.Units, top.Scores, generated?.Scores),
            Replacement = request.Background is null ? "units of the text" : "units of the background",
            Evaluations = evaluations,
        };

        async Task<LevelScores?> ScoreAsync(int level, UnitSet units)
        {
            var granularity = GranularityOf(request, level);
            if (ReplacementPool.Of(context, units, request.Background, granularity, cancellationToken) is not { } pool)
            {
                if (hierarchy.IsDeep)
                {
                    var name = EnumNames.Of(granularity ?? Granularity.Word);
                    context.Warnings.Add(
                        new Warning(
                            WarningCode.SingleUnit,
                            $"The text is a single {name}, with no other to put in its place; it has no score of its own."
                        )
                    );
                }

                return null;
            }

            var samples = Samples(request, context.Input);
            var estimate = await ReplaceAsync(
                    context,
                    units,
                    pool,
                    GroupSize(request, context.Input, units.Units.Count),
                    samples,
                    cancellationToken
                )
                .ConfigureAwait(false);
            evaluations += estimate.Evaluations;
            unjudged |= estimate.HasUnjudged;
            coarsest ??= (units, estimate);
            return new LevelScores(estimate.Scores[main], estimate.StandardErrors?[main], !estimate.DeadlineReached);
        }
    }

    /// <summary>The estimate for every unit; units that were replaced together share one.</summary>
    private static async Task<PermutationEstimate> ReplaceAsync(
        ExplanationContext context,
        UnitSet units,
        ReplacementPool pool,
        int group,
        int samples,
        CancellationToken cancellationToken
    )
    {
        LongTexts.Warn(context, units, group, "replaced");
        var plan = new PermutationPlan(units.Units.Count, group, pool.Texts.Count, pool.OwnText, samples, context.Seed);
        var substitutions = plan.Draws()
            .SelectMany(drawn => plan.Groups.Select(range => new Substitution(range, unit => pool.Texts[drawn[unit]])))
            .Prepend(Substitution.None);
        var estimate = await PermutationEstimator
            .EstimateAsync(
                new SubstitutedTexts(context, units).ScoreAsync(substitutions, cancellationToken),
                plan,
                group == 1 ? pool.PerUnit : int.MaxValue,
                () => context.Deadline.Passed,
                cancellationToken
            )
            .ConfigureAwait(false);
        int[] groupOf = [.. plan.Groups.SelectMany((range, g) => Enumerable.Repeat(g, range.End.Value - range.Start.Value))];
        return estimate with
        {
            Scores = Spread(estimate.Scores, groupOf),
            StandardErrors = estimate.StandardErrors is { } errors ? Spread(errors, groupOf) : null,
        };
    }

    /// <summary>The granularity of a level; null: the caller's spans.</summary>
    private static Granularity? GranularityOf(PermutationRequest request, int level) =>
        request.Spans is null ? request.Granularity?.Levels[level] ?? Granularity.Word : null;

    /// <summary>By what is drawn by default: who asks for more samples wants finer scores, not coarser units.</summary>
    private static int GroupSize(PermutationRequest request, PreparedInput input, int units) =>
        LongTexts.GroupSize(request, input, units, DefaultSamplesInWindows);

    private static int Samples(PermutationRequest request, PreparedInput input) =>
        request.Samples ?? (input.InWindows ? DefaultSamplesInWindows : DefaultSamples);

    private static double[][] Spread(double[][] groups, int[] groupOf) =>
        [.. groups.Select(scores => groupOf.Select(g => scores[g]).ToArray())];
}
