using System.Text.Json.Serialization.Metadata;
using ExplainService.Methods.Contracts;
using ExplainService.Runtime;

namespace ExplainService.Methods.Predictions;

/// <summary><c>/predict</c>: what the model says, without why.</summary>
public sealed class PredictMethod : ExplanationMethod<PredictRequest, PredictAnswer>
{
    /// <inheritdoc/>
    public override string Path => "/predict";

    /// <inheritdoc/>
    public override string Title => "Prediction";

    /// <inheritdoc/>
    public override string Summary => "What the model says of the text";

    /// <inheritdoc/>
    public override IJsonTypeInfoResolver Json => PredictJson.Default;

    /// <inheritdoc/>
    public override string? NoPicturesReason => null;

    /// <inheritdoc/>
    public override bool ScoresSuperpixels => true;

    /// <inheritdoc/>
    public override IReadOnlyList<SupportedFeature> Features { get; } = [new("predict", "Prediction", [ModelFeature.Predict])];

    /// <inheritdoc/>
    public override bool IsSeeded => false;

    /// <inheritdoc/>
    public override bool ReadsWindows => true;

    /// <inheritdoc/>
    protected override IEnumerable<string> Unused(PredictRequest request) =>
        Set(("granularity", request.Granularity), ("spans", request.Spans));

    /// <inheritdoc/>
    protected override async Task<PredictAnswer> ExplainAsync(
        PredictRequest request,
        ExplanationContext context,
        CancellationToken cancellationToken
    )
    {
        var prediction = context.Target.Prediction;
        if (request.TopK is { } count)
        {
            prediction = prediction with
            {
                Labels = Strongest(prediction.Labels, count),
                Tokens = prediction.Tokens is null
                    ? null
                    : [.. prediction.Tokens.Select(token => token with { Labels = Strongest(token.Labels, count) })],
            };
        }

        var tokens =
            request.TokenProbabilities is not { } most ? null
            : context.Model.Description.Task != ModelTask.TextGeneration
                ? throw InvalidRequestException.CannotDo(
                    "token_probabilities",
                    "Only causal language models say how likely tokens of a text are."
                )
            : await TokenProbabilities.OfAsync(context, most, cancellationToken).ConfigureAwait(false);
        return new PredictAnswer
        {
            Prediction = prediction,
            TokenProbabilities = tokens,
            Evaluations = context.Work.Meter.Rows,
        };
    }

    private static IReadOnlyList<LabelAnswer>? Strongest(IReadOnlyList<LabelAnswer>? labels, int count) =>
        labels is null ? null : [.. labels.OrderByDescending(label => label.Logit ?? double.NegativeInfinity).Take(count)];
}
