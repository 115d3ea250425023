using ExplainService.Methods.Contracts;
using ExplainService.Methods.Pipeline;
using ExplainService.Runtime;
using ExplainService.Text;

namespace ExplainService.Methods.Perturbation;

/// <summary><c>/permutation</c>: what f loses when other units take a unit's place.</summary>
public sealed class PermutationMethod : ExplanationMethod<PermutationRequest>
{
    private const int DefaultSamples = 10;
    private const int DefaultSamplesInWindows = 3;
    private const int MostBackground = 10_000;

    /// <inheritdoc/>
    public override IReadOnlyList<SupportedFeature> Features { get; } = [new("permutation", [ModelFeature.Predict])];

    /// <inheritdoc/>
    public override bool ReadsWindows => true;

    /// <inheritdoc/>
    public override bool Perturbs => true;

    /// <inheritdoc/>
    public override Granularity? Units => Granularity.Word;

    /// <inheritdoc/>
    protected override long ExpectedRows(PermutationRequest request, PreparedInput input, UnitHierarchy units)
    {
        var samples = Samples(request, input);
        return units.Levels().Sum(level => LongTexts.Rows(input, level.Count, GroupSize(input, level.Count)) * Math.Min(samples, Math.Max(1, level.Count - 1))) + 1;
    }

    /// <inheritdoc/>
    protected override string? WhyNotEarly(PermutationRequest request) => null;

    /// <inheritdoc/>
    protected override void Check(PermutationRequest request)
    {
        RequestChecks.Range("samples", request.Samples, 1, 10_000);
        RequestChecks.Range("background", request.Background?.Count, 1, MostBackground);
        if (request.Background is { } texts && texts.Any(string.IsNullOrWhiteSpace))
        {
            throw InvalidRequestException.Malformed("background", "must hold no empty text");
        }
    }

    /// <inheritdoc/>
    protected override async Task<Explanation> ExplainAsync(
        PermutationRequest request, ExplanationContext context, CancellationToken cancellationToken)
    {
        var hierarchy = context.Units;
        var main = context.Target.MainOutput;
        var answers = new Dictionary<UnitNode, UnitAnswer>();
        PermutationEstimate? top = null;
        var (evaluations, late) = (0, false);
        foreach (var (level, nodes) in hierarchy.Levels().Index())
        {
            var units = new UnitSet(hierarchy.Leaves.Name, [.. nodes.Select(node => node.Unit)]);
            var granularity = request.Spans is null ? request.Granularity?.Levels[level] ?? Granularity.Word : (Granularity?)null;
            var (estimate, groupOf) = await MeasureAsync(request, context, units, granularity, cancellationToken).ConfigureAwait(false);
            for (var i = 0; i < nodes.Count; i++)
            {
                if (double.IsNaN(estimate.Scores[main][groupOf[i]]))
                {
                    continue;
                }

                answers[nodes[i]] = UnitSet.Answer(context.Input, nodes[i].Unit, estimate.Scores[main][groupOf[i]], estimate.StandardErrors?[main][groupOf[i]]);
            }

            evaluations += estimate.Evaluations;
            top ??= estimate with { Scores = Spread(estimate.Scores, groupOf), StandardErrors = estimate.StandardErrors is { } errors ? Spread(errors, groupOf) : null };
            late = estimate.DeadlineReached || (context.Deadline.Passed && nodes.Any(node => node.Inner.Count > 0));
            if (late)
            {
                break;
            }
        }

        var inTime = new UnitsInTime(context, top!.Scores);
        if (late)
        {
            inTime.Warn(evaluations);
        }

        if (top.StandardErrors is null)
        {
            context.Warnings.Add("a unit that was replaced only once has no standard error, as one draw tells nothing of the spread, and so none is given; raise samples");
        }

        var generated = await GeneratedPermutation.MeasureAsync(context, request.Background, Samples(request, context.Input), cancellationToken).ConfigureAwait(false);
        evaluations += generated?.Evaluations ?? 0;
        if (generated is { Scores: null })
        {
            context.Warnings.Add(FormattableString.Invariant(
                $"the deadline of {context.Deadline.Milliseconds} ms passed before the earlier generated tokens were replaced: they have no \"generated_scores\""));
        }

        return context.Answer("permutation") with
        {
            Granularity = hierarchy.Name,
            Units = hierarchy.Answers(answers),
            Value = top.Value[main],
            Labels = LabelAnswers.Of(
                context.Target, inTime.Scores, value: top.Value, standardErrors: top.StandardErrors is { } known ? inTime.Of(known) : null),
            Generated = GeneratedAnswers.Of(context, hierarchy.Top.Units, top.Scores, generated?.Scores),
            Replacement = request.Background is null ? "units of the text" : "units of the background",
            Evaluations = evaluations,
        };
    }

    private static async Task<(PermutationEstimate Estimate, int[] GroupOf)> MeasureAsync(
        PermutationRequest request, ExplanationContext context, UnitSet units, Granularity? granularity, CancellationToken cancellationToken)
    {
        var donors = Donors.Of(context, units, request.Background, granularity);
        var samples = Samples(request, context.Input);
        var group = GroupSize(context.Input, units.Units.Count);
        LongTexts.Warn(context, units, group, "replaced");
        var plan = PermutationPlan.Draw(units.Units.Count, group, donors.Tokens.Count, donors.OwnText, samples, context.Seed);
        var game = new TextGame(context, units, new Replacement(null, [], "permutation"), cuts: true);
        var changes = plan.Draws
            .SelectMany(round => plan.Groups.Zip(round, (range, drawn) =>
                (range, (Func<int, IReadOnlyList<int>>)(unit => donors.Tokens[drawn[unit - range.Start.Value]]))))
            .Prepend((new Range(0, 0), _ => []));
        var population = donors.OwnText ? donors.Tokens.Count - 1 : donors.Tokens.Count;
        var estimate = await Permutation.EstimateAsync(
            game.ReplaceAsync(changes, cancellationToken), plan, group == 1 ? population : int.MaxValue, () => context.Deadline.Passed, cancellationToken).ConfigureAwait(false);
        return (estimate, [.. plan.Groups.SelectMany((range, g) => Enumerable.Repeat(g, range.End.Value - range.Start.Value))]);
    }

    /// <summary>By what is drawn by default: who asks for more samples wants finer scores, not coarser units.</summary>
    private static int GroupSize(PreparedInput input, int units) => LongTexts.GroupSize(input, units, DefaultSamplesInWindows);

    private static int Samples(PermutationRequest request, PreparedInput input) =>
        request.Samples ?? (input.Windows.Count > 1 ? DefaultSamplesInWindows : DefaultSamples);

    private static double[][] Spread(double[][] groups, int[] groupOf) => [.. groups.Select(scores => groupOf.Select(g => scores[g]).ToArray())];
}
