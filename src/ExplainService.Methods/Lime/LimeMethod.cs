using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using ExplainService.Methods.Contracts;
using ExplainService.Methods.Perturbation;
using ExplainService.Methods.Pipeline;
using ExplainService.Runtime;
using ExplainService.Text.Units;

namespace ExplainService.Methods.Lime;

/// <summary>
/// <c>/lime</c>: a linear surrogate around the text. In a hierarchy half of the samples go to the coarsest units, the rest to surrogates
/// inside the strongest, with the text around them as it is.
/// </summary>
public sealed class LimeMethod : ExplanationMethod<LimeRequest, LimeAnswer>
{
    private const int MinSamplesInWindows = 50;

    // Two to this many is more than any number of samples.
    private const int MaxCounted = 30;

    /// <inheritdoc/>
    public override string Path => "/lime";

    /// <inheritdoc/>
    public override string Title => "LIME";

    /// <inheritdoc/>
    public override string Summary => "A linear model around the text";

    /// <inheritdoc/>
    public override JsonObject Example => new() { ["samples"] = 500, ["seed"] = 7 };

    /// <inheritdoc/>
    public override IJsonTypeInfoResolver Json => LimeJson.Default;

    /// <inheritdoc/>
    public override string? NoPicturesReason => null;

    /// <inheritdoc/>
    public override bool ScoresSuperpixels => true;

    /// <inheritdoc/>
    public override IReadOnlyList<SupportedFeature> Features { get; } =
    [new("lime", "LIME", [ModelFeature.Predict]) { Comparison = new() { ["samples"] = 256 } }];

    /// <inheritdoc/>
    public override bool ReadsWindows => true;

    /// <inheritdoc/>
    public override bool Perturbs => true;

    /// <inheritdoc/>
    public override Granularity? Units => Granularity.Word;

    /// <inheritdoc/>
    protected override long ExpectedRows(LimeRequest request, ModelDescription model, PreparedInput input, UnitHierarchy units) =>
        Math.Min(Samples(request, input), Coalitions(units.Nodes)) * input.Windows.Count;

    /// <inheritdoc/>
    protected override string? NoPartialResultReason(LimeRequest request) => null;

    /// <inheritdoc/>
    protected override async Task<LimeAnswer> ExplainAsync(
        LimeRequest request,
        ExplanationContext context,
        CancellationToken cancellationToken
    )
    {
        var hierarchy = context.Units;
        var units = hierarchy.Top;
        var replacement = Replacement.Resolve(request.Replacement, context.Model, context.Warnings);
        var samples = Samples(request, context.Input);
        var options = Options(request, context, samples);
        var estimate = await LimeEstimator
            .EstimateAsync(
                new TextGame(context, units, replacement),
                hierarchy.IsDeep ? options with { Samples = Math.Max(2, samples / 2) } : options,
                cancellationToken
            )
            .ConfigureAwait(false);
        if (estimate.TellsNothing && units.Units.Count > 1)
        {
            throw new NoPartialResultException();
        }

        var main = context.Target.MainOutput;
        var answers = units.Answers(context.Input, estimate.Scores[main], estimate.StandardErrors?[main]);
        var (evaluations, late, shrinkage) = (estimate.Evaluations, estimate.DeadlineReached, estimate.Shrinkage);
        if (hierarchy.IsDeep && !late)
        {
            var nested = new NestedSurrogates(new TextGame(context, hierarchy.Leaves, replacement), context, options);
            await nested.OpenAsync(hierarchy.Nodes, answers, samples - evaluations, cancellationToken).ConfigureAwait(false);
            answers = hierarchy.Answers(nested.Answers);
            nested.Warn("samples");
            (evaluations, late, shrinkage) = (
                evaluations + nested.Evaluations,
                nested.DeadlineReached,
                Math.Max(shrinkage, nested.Shrinkage)
            );
        }

        var generated = late
            ? null
            : await GeneratedSurrogates.FitAsync(context, replacement, options, cancellationToken).ConfigureAwait(false);
        evaluations += generated?.Evaluations ?? 0;
        late |= generated?.DeadlineReached ?? false;
        if (late)
        {
            context.Warnings.Add(context.Deadline.PartialResult($"{evaluations} samples"));
        }

        PenaltyWarnings.Add(
            context,
            estimate with
            {
                Shrinkage = shrinkage,
            },
            $"{units.Units.Count} units",
            inTime: !late,
            otherRemedy: ", or choose a coarser granularity"
        );
        return new LimeAnswer
        {
            Granularity = hierarchy.Name,
            Units = answers,
            Intercept = estimate.Intercept[main],
            R2 = estimate.R2[main],
            BaseValue = estimate.BaseValue?[main],
            Value = estimate.Value[main],
            Generated = GeneratedAnswers.Of(context, units.Units, estimate.Scores, generated?.Scores),
            Labels = LabelAnswers
                .Of(context.Target, estimate.Scores, estimate.BaseValue, estimate.Value, estimate.StandardErrors)
                ?.Select((label, output) => label with { Intercept = estimate.Intercept[output], R2 = estimate.R2[output] })
                .ToArray(),
            Replacement = replacement.Name,
            Evaluations = evaluations,
        };
    }

    /// <summary>All coalitions of the units, and of what is inside each.</summary>
    private static long Coalitions(IReadOnlyList<UnitNode> nodes) =>
        (1L << Math.Min(nodes.Count, MaxCounted)) + nodes.Where(node => node.Inner.Count > 1).Sum(node => Coalitions(node.Inner));

    private static LimeOptions Options(LimeRequest request, ExplanationContext context, int samples)
    {
        var defaults = new LimeOptions();
        return defaults with
        {
            Samples = samples,
            Draws = samples,
            KernelWidth = request.KernelWidth ?? defaults.KernelWidth,
            Alpha = request.Alpha ?? defaults.Alpha,
            Features = request.Features,
            Seed = context.Seed,
            OutOfTime = () => context.Deadline.Passed,
        };
    }

    private static int Samples(LimeRequest request, PreparedInput input) =>
        request.Samples ?? LongTexts.Evaluations(input, new LimeOptions().Samples, MinSamplesInWindows);
}
