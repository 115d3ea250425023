using ExplainService.Methods.Contracts;
using ExplainService.Methods.Pipeline;
using ExplainService.Runtime;
using ExplainService.Text;

namespace ExplainService.Methods.Perturbation;

/// <summary><c>/lime</c>: a linear surrogate around the text.</summary>
public sealed class LimeMethod : ExplanationMethod<LimeRequest>
{
    /// <inheritdoc/>
    public override IReadOnlyList<SupportedFeature> Features { get; } = [new("lime", [ModelFeature.Predict])];

    /// <inheritdoc/>
    public override bool ReadsWindows => true;

    /// <inheritdoc/>
    protected override bool AnswersEarly(LimeRequest request) => true;

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
        var units = context.Units(Granularity.Word);
        var replacement = Replacement.Resolve(request.Replacement, context.Model.Tokenizer, context.Warnings);
        var defaults = new LimeOptions();
        var estimate = await Lime.EstimateAsync(
            context.Game(units, replacement),
            new LimeOptions
            {
                Samples = request.Samples ?? defaults.Samples,
                KernelWidth = request.KernelWidth ?? defaults.KernelWidth,
                Alpha = request.Alpha ?? defaults.Alpha,
                Features = request.Features,
                Seed = context.Seed,
                OutOfTime = () => context.Deadline.Passed,
            },
            cancellationToken).ConfigureAwait(false);
        if (estimate.DeadlineReached)
        {
            context.Warnings.Add(FormattableString.Invariant($"the deadline of {context.Deadline.Milliseconds} ms passed after {estimate.Evaluations} evaluations: this is the best answer so far"));
        }

        var main = context.Target.MainOutput;
        return context.Answer("lime") with
        {
            Granularity = units.Name,
            Units = units.Answers(context.Input, estimate.Scores[main]),
            Intercept = estimate.Intercept[main],
            R2 = estimate.R2[main],
            Value = estimate.Value[main],
            Generated = GeneratedAnswers.Of(context, units.Units, estimate.Scores),
            Labels = LabelAnswers.Of(context.Target, estimate.Scores, value: estimate.Value),
            Replacement = replacement.Name,
            Evaluations = estimate.Evaluations,
        };
    }
}
