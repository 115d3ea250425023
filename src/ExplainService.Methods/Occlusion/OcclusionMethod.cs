using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using ExplainService.Methods.Contracts;
using ExplainService.Methods.Perturbation;
using ExplainService.Methods.Pipeline;
using ExplainService.Runtime;
using ExplainService.Text.Units;

namespace ExplainService.Methods.Occlusion;

/// <summary><c>/occlusion</c>. In a hierarchy windows slide over the coarsest units; finer ones are removed one by one.</summary>
public sealed class OcclusionMethod : ExplanationMethod<OcclusionRequest, OcclusionAnswer>
{
    /// <inheritdoc/>
    public override string Path => "/occlusion";

    /// <inheritdoc/>
    public override string Title => "Occlusion";

    /// <inheritdoc/>
    public override string Summary => "How the target falls when parts of the text are removed";

    /// <inheritdoc/>
    public override JsonObject Example => new() { ["granularity"] = "word", ["replacement"] = "mask" };

    /// <inheritdoc/>
    public override IJsonTypeInfoResolver Json => OcclusionJson.Default;

    /// <inheritdoc/>
    public override string? NoPicturesReason => null;

    /// <inheritdoc/>
    public override bool ScoresSuperpixels => true;

    /// <inheritdoc/>
    public override IReadOnlyList<SupportedFeature> Features { get; } =
    [new("occlusion", "Occlusion", [ModelFeature.Predict]) { Comparison = [] }];

    /// <inheritdoc/>
    public override bool ReadsWindows => true;

    /// <inheritdoc/>
    public override bool Perturbs => true;

    /// <inheritdoc/>
    public override Granularity? Units => Granularity.Word;

    /// <inheritdoc/>
    protected override long ExpectedRows(OcclusionRequest request, ModelDescription model, PreparedInput input, UnitHierarchy units) =>
        input.Windows.Count
        + units
            .Levels()
            .Select(
                (nodes, level) =>
                {
                    var (window, stride) = Sizes(request, input, nodes.Count, level);
                    return LongTexts.ChangedRows(
                        input,
                        nodes.Count,
                        OcclusionEstimator.Windows(0, nodes.Count, window, stride).Count(),
                        window
                    );
                }
            )
            .Sum();

    /// <inheritdoc/>
    protected override string? NoPartialResultReason(OcclusionRequest request) => null;

    /// <inheritdoc/>
    protected override void Check(OcclusionRequest request)
    {
        if ((request.Stride ?? 1) > (request.Window ?? 1))
        {
            throw InvalidRequestException.Malformed("stride", "must not exceed window: units between windows would have no score");
        }
    }

    /// <inheritdoc/>
    protected override async Task<OcclusionAnswer> ExplainAsync(
        OcclusionRequest request,
        ExplanationContext context,
        CancellationToken cancellationToken
    )
    {
        var hierarchy = context.Units;
        var replacement = Replacement.Resolve(request.Replacement, context.Model, context.Warnings);
        var main = context.Target.MainOutput;
        OcclusionEstimator.Result? coarsest = null;
        var evaluations = 1;
        var (answers, whole) = await HierarchyScorer.ScoreAsync(context, hierarchy, ScoreAsync).ConfigureAwait(false);
        var top = coarsest!;
        var generated = whole ? await GeneratedOcclusion.MeasureAsync(context, replacement, cancellationToken).ConfigureAwait(false) : null;
        evaluations += generated?.Count - 1 ?? 0;
        var scored = new ScoredUnits(context, top.Scores);
        if (!whole || (generated is null && context.Target.Generation is not null))
        {
            scored.Warn(evaluations);
        }

        return new OcclusionAnswer
        {
            Granularity = hierarchy.Name,
            Units = answers,
            Windows = [.. top.Windows.Select((span, index) => WindowOf(context.Input, hierarchy.Top, span, top.Drops[index][main]))],
            Value = top.Value[main],
            Generated = GeneratedAnswers.Of(context, hierarchy.Top.Units, top.Scores, generated),
            Labels = LabelAnswers.Of(context.Target, scored.Scores, value: top.Value),
            Replacement = replacement.Name,
            Evaluations = evaluations,
        };

        async Task<LevelScores?> ScoreAsync(int level, UnitSet units)
        {
            var (window, stride) = Sizes(request, context.Input, units.Units.Count, level);
            if (request.Window is null || level > 0)
            {
                LongTexts.Warn(context, units, window, "removed", "a \"window\", ");
            }

            if (level == 0 && request.Window is null && request.Stride is { } asked && asked != stride)
            {
                context.Warnings.Add(FieldWarnings.Ignored("stride"));
            }

            var windows = Windows(units, window, stride);
            var result = await OcclusionEstimator
                .MeasureAsync(new TextGame(context, units, replacement), windows, cancellationToken)
                .ConfigureAwait(false);
            coarsest ??= result;
            evaluations += result.Windows.Count;
            return new LevelScores(result.Scores[main], StandardErrors: null, InTime: result.Windows.Count == windows.Length);
        }
    }

    private static (int Window, int Stride) Sizes(OcclusionRequest request, PreparedInput input, int units, int level)
    {
        if (level == 0 && request.Window is { } window)
        {
            return (window, request.Stride ?? 1);
        }

        var group = LongTexts.GroupSize(request, input, units, rounds: 1);
        return (group, group);
    }

    /// <summary>Windows over the units of each text, none over two of them.</summary>
    private static (int First, int Last)[] Windows(UnitSet units, int window, int stride)
    {
        var windows = new List<(int, int)>();
        var first = 0;
        foreach (var text in units.Units.CountBy(unit => unit.Sequence))
        {
            windows.AddRange(OcclusionEstimator.Windows(first, text.Value, window, stride));
            first += text.Value;
        }

        return [.. windows];
    }

    private static WindowAnswer WindowOf(PreparedInput input, UnitSet units, (int First, int Last) window, double score)
    {
        var (first, last) = (units.Units[window.First], units.Units[window.Last]);
        int[] tokens = [.. Enumerable.Range(window.First, window.Last - window.First + 1).SelectMany(unit => units.Units[unit].Tokens)];
        return new WindowAnswer(tokens, input.Offsets.Of(first.Sequence, first.Start), input.Offsets.Of(first.Sequence, last.End), score)
        {
            In = input.NameOf(first.Sequence),
            Message = input.MessageOf(first.Sequence),
        };
    }
}
