using ExplainService.Methods.Contracts;
using ExplainService.Methods.Pipeline;
using ExplainService.Runtime;
using ExplainService.Text;

namespace ExplainService.Methods.Perturbation;

/// <summary><c>/occlusion</c>.</summary>
public sealed class OcclusionMethod : ExplanationMethod<OcclusionRequest>
{
    /// <inheritdoc/>
    public override IReadOnlyList<SupportedFeature> Features { get; } = [new("occlusion", [ModelFeature.Predict])];

    /// <inheritdoc/>
    public override bool ReadsWindows => true;

    /// <inheritdoc/>
    protected override void Check(OcclusionRequest request)
    {
        RequestChecks.Range("window", request.Window, 1, 10_000);
        RequestChecks.Range("stride", request.Stride, 1, 10_000);
        if ((request.Stride ?? 1) > (request.Window ?? 1))
        {
            throw InvalidRequestException.Malformed("stride", "must not exceed window: units between windows would have no score");
        }
    }

    /// <inheritdoc/>
    protected override async Task<Explanation> ExplainAsync(
        OcclusionRequest request, ExplanationContext context, CancellationToken cancellationToken)
    {
        var units = context.Units(Granularity.Word);
        var replacement = Replacement.Resolve(request.Replacement, context.Model.Tokenizer, context.Warnings);
        var ofText = units.Units.Count(unit => unit.Sequence == 0);
        var (window, stride) = (request.Window ?? 1, request.Stride ?? 1);
        (int First, int Last)[] windows =
        [
            .. Occlusion.Windows(0, ofText, window, stride),
            .. Occlusion.Windows(ofText, units.Units.Count - ofText, window, stride),
        ];
        var result = await Occlusion.MeasureAsync(context.Game(units, replacement), windows, cancellationToken).ConfigureAwait(false);
        var generatedScores = await GeneratedOcclusion.MeasureAsync(context, replacement, cancellationToken).ConfigureAwait(false);
        var main = context.Target.MainOutput;
        return context.Answer("occlusion") with
        {
            Granularity = units.Name,
            Units = units.Answers(context.Input, result.Scores[main]),
            Windows = [.. windows.Select((span, index) => WindowOf(context.Input, units, span, result.Drops[index][main]))],
            Value = result.Value[main],
            Generated = GeneratedAnswers.Of(context, units.Units, result.Scores, generatedScores),
            Labels = LabelAnswers.Of(context.Target, result.Scores, value: result.Value),
            Replacement = replacement.Name,
            Evaluations = context.Work.Meter.Rows,
        };
    }

    private static WindowAnswer WindowOf(PreparedInput input, UnitSet units, (int First, int Last) window, double score)
    {
        var (first, last) = (units.Units[window.First], units.Units[window.Last]);
        int[] tokens = [.. Enumerable.Range(window.First, window.Last - window.First + 1).SelectMany(unit => units.Units[unit].Tokens)];
        return new WindowAnswer(tokens, input.Offsets.Of(first.Sequence, first.Start), input.Offsets.Of(first.Sequence, last.End), score)
        {
            In = first.Sequence == 1 ? "pair" : null,
        };
    }
}
