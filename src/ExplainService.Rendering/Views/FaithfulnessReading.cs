using ExplainService.Methods.Contracts;
using ExplainService.Methods.Faithfulness;
using ExplainService.Methods.Faithfulness.Metrics;

namespace ExplainService.Rendering.Views;

/// <summary>A method with its figures, {metric: {replacement: figures}}.</summary>
internal sealed record JudgedMethod(string Name, IReadOnlyDictionary<string, IReadOnlyDictionary<string, MetricAnswer>> Metrics);

/// <summary>One figure of every method: a metric, or a part of it, under a replacement.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Replacement">What stood in for removed units.</param>
/// <param name="Better">Which of two figures is the more faithful one.</param>
/// <param name="Of">Reads it from a method; null: that method lacks it.</param>
internal sealed record FaithfulnessFigure(string Name, string Replacement, Better Better, Func<JudgedMethod, MetricFigure?> Of);

/// <summary>Reads how faithful explanations are from an answer.</summary>
internal static class FaithfulnessReading
{
    /// <summary>The parts of a metric, by what they are called.</summary>
    private static readonly IReadOnlyList<(string Name, Func<MetricAnswer, MetricFigure?> Of)> Parts =
    [
        ("comprehensiveness", answer => answer.Comprehensiveness),
        ("sufficiency", answer => answer.Sufficiency),
        ("kendall", answer => answer.Kendall),
        ("auprc", answer => answer.Auprc),
        ("token_f1", answer => answer.TokenF1),
        ("iou_f1", answer => answer.IouF1),
    ];

    /// <summary>The methods of an answer; none of another kind of answer.</summary>
    public static IReadOnlyList<JudgedMethod> Methods(Explanation answer) =>
        answer switch
        {
            EvaluateAnswer one => [new JudgedMethod(one.Explanation.Name ?? one.Explanation.Method, one.Metrics)],
            CompareAnswer many => [.. many.Methods.Select(method => new JudgedMethod(method.Name, method.Metrics))],
            _ => [],
        };

    /// <summary>Every figure that a method has.</summary>
    public static IReadOnlyList<FaithfulnessFigure> Figures(IReadOnlyList<JudgedMethod> methods) =>
        [
            .. methods
                .SelectMany(method =>
                    method.Metrics.SelectMany(metric => metric.Value.Keys.Select(replacement => (metric.Key, replacement)))
                )
                .Distinct()
                .SelectMany(pair => FiguresOf(methods, pair.Key, pair.replacement)),
        ];

    private static IEnumerable<FaithfulnessFigure> FiguresOf(IReadOnlyList<JudgedMethod> methods, string metric, string replacement)
    {
        MetricAnswer? Answer(JudgedMethod method) => method.Metrics.GetValueOrDefault(metric)?.GetValueOrDefault(replacement);

        if (methods.Any(method => Answer(method)?.Value is not null))
        {
            yield return new FaithfulnessFigure(metric, replacement, MetricList.BetterOf(metric, null), Answer);
        }

        foreach (var (part, of) in Parts)
        {
            if (methods.Any(method => Answer(method) is { } answer && of(answer)?.Value is not null))
            {
                yield return new FaithfulnessFigure(
                    $"{metric}, {part}",
                    replacement,
                    MetricList.BetterOf(metric, part),
                    method => Answer(method) is { } answer ? of(answer) : null
                );
            }
        }
    }
}
