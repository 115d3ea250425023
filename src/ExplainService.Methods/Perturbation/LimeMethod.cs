using ExplainService.Methods.Contracts;
using ExplainService.Methods.Pipeline;
using ExplainService.Runtime;
using ExplainService.Text;

namespace ExplainService.Methods.Perturbation;

/// <summary>
/// <c>/lime</c>: a linear surrogate around the text. In a hierarchy half of the samples go to the coarsest units, the rest to surrogates inside
/// the strongest, with the text around them as it is.
/// </summary>
public sealed class LimeMethod : ExplanationMethod<LimeRequest>
{
    private const int FewestInWindows = 50;

    /// <inheritdoc/>
    public override IReadOnlyList<SupportedFeature> Features { get; } = [new("lime", [ModelFeature.Predict])];

    /// <inheritdoc/>
    public override bool ReadsWindows => true;

    /// <inheritdoc/>
    public override bool Perturbs => true;

    /// <inheritdoc/>
    public override Granularity? Units => Granularity.Word;

    /// <inheritdoc/>
    protected override long ExpectedRows(LimeRequest request, PreparedInput input, UnitHierarchy units) =>
        (long)Samples(request, input) * input.Windows.Count;

    /// <inheritdoc/>
    protected override string? WhyNotEarly(LimeRequest request) => null;

    /// <inheritdoc/>
    protected override void Check(LimeRequest request)
    {
        RequestChecks.Range("samples", request.Samples, 2, 100_000);
        RequestChecks.Range("kernel_width", request.KernelWidth, 1e-3, 1e6);
        RequestChecks.Range("alpha", request.Alpha, 0, 1e9);
        RequestChecks.Range("features", request.Features, 1, 1e6);
    }

    /// <inheritdoc/>
    protected override async Task<Explanation> ExplainAsync(LimeRequest request, ExplanationContext context, CancellationToken cancellationToken)
    {
        var hierarchy = context.Units;
        var units = hierarchy.Top;
        var replacement = Replacement.Resolve(request.Replacement, context.Model.Tokenizer, context.Warnings);
        var samples = Samples(request, context.Input);
        var defaults = new LimeOptions();
        var options = defaults with
        {
            Samples = hierarchy.IsDeep ? Math.Max(2, samples / 2) : samples,
            KernelWidth = request.KernelWidth ?? defaults.KernelWidth,
            Alpha = request.Alpha ?? defaults.Alpha,
            Features = request.Features,
            Seed = context.Seed,
            OutOfTime = () => context.Deadline.Passed,
        };
        var estimate = await Lime.EstimateAsync(context.Game(units, replacement), options, cancellationToken).ConfigureAwait(false);
        var main = context.Target.MainOutput;
        if (estimate is { DeadlineReached: true, Evaluations: <= 2 } && units.Units.Count > 1)
        {
            // The text and its empty version have no surrogate: the scores would tell no unit from another.
            throw new NothingYetException();
        }

        var answers = units.Answers(context.Input, estimate.Scores[main], estimate.StandardErrors?[main]);
        var (evaluations, late) = (estimate.Evaluations, estimate.DeadlineReached);
        if (hierarchy.IsDeep && !late)
        {
            var inside = new Dictionary<UnitNode, UnitAnswer>(hierarchy.Nodes.Zip(answers, KeyValuePair.Create));
            var game = context.Game(hierarchy.Leaves, replacement);
            var whole = await StrongestFirst.OpenAsync(
                hierarchy.Nodes.Zip(answers, (node, answer) => (node, Math.Abs(answer.Score))), samples - evaluations, _ => 1, OpenAsync).ConfigureAwait(false);
            late |= !whole;
            answers = hierarchy.Answers(inside);

            async Task<(IReadOnlyList<double> Strengths, int Spent)> OpenAsync(UnitNode node, int share)
            {
                // A single part has no surrogate of its own: it is all of the unit.
                var found = node.Inner.Count == 1 ? null : await Lime.EstimateAsync(
                    new InnerGame(game, node, bothContexts: false), options with { Samples = Math.Max(2, share) }, cancellationToken).ConfigureAwait(false);
                if (found is { DeadlineReached: true, Evaluations: <= 2 })
                {
                    throw new NothingYetException();
                }

                var scores = found?.Scores[main] ?? [inside[node].Score];
                for (var i = 0; i < scores.Length; i++)
                {
                    inside[node.Inner[i]] = UnitSet.Answer(context.Input, node.Inner[i].Unit, scores[i], found?.StandardErrors?[main][i]);
                }

                evaluations += found?.Evaluations ?? 0;
                late |= found?.DeadlineReached ?? false;
                return ([.. scores.Select(Math.Abs)], found?.Evaluations ?? 0);
            }
        }

        var generated = late ? null : await GeneratedSurrogates.FitAsync(context, replacement, options, cancellationToken).ConfigureAwait(false);
        evaluations += generated?.Evaluations ?? 0;
        late |= generated?.DeadlineReached ?? false;
        if (late)
        {
            context.Warnings.Add(context.Deadline.Warning($"{evaluations} of {samples} samples"));
        }

        if (estimate.Evaluations <= units.Units.Count)
        {
            context.Warnings.Add(FormattableString.Invariant($"{estimate.Evaluations} samples for {units.Units.Count} units: the surrogate is held by its ridge penalty alone; raise samples or choose a coarser granularity"));
        }

        return context.Answer("lime") with
        {
            Granularity = hierarchy.Name,
            Units = answers,
            Intercept = estimate.Intercept[main],
            R2 = estimate.R2[main],
            BaseValue = estimate.BaseValue?[main],
            Value = estimate.Value[main],
            Generated = GeneratedAnswers.Of(context, units.Units, estimate.Scores, generated?.Scores),
            Labels = LabelAnswers.Of(context.Target, estimate.Scores, estimate.BaseValue, estimate.Value, standardErrors: estimate.StandardErrors)
                ?.Select((label, output) => label with { Intercept = estimate.Intercept[output], R2 = estimate.R2[output] }).ToArray(),
            Replacement = replacement.Name,
            Evaluations = evaluations,
        };
    }

    private static int Samples(LimeRequest request, PreparedInput input) =>
        request.Samples ?? LongTexts.Evaluations(input, new LimeOptions().Samples, FewestInWindows);
}
