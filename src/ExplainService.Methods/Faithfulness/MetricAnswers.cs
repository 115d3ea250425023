using ExplainService.Methods.Contracts;
using ExplainService.Methods.Faithfulness.Metrics;
using ExplainService.Methods.Numerics;

namespace ExplainService.Methods.Faithfulness;

/// <summary>Figures as answers list them.</summary>
internal static class MetricAnswers
{
    /// <summary>The figures of a metric, beside those of random orders.</summary>
    /// <param name="plan">What is measured; all that it reads has been scored.</param>
    /// <param name="limits">Of each part, where they were looked for.</param>
    public static MetricAnswer Of(Judge.Plan plan, MetricLimits[]? limits)
    {
        var (metric, evidence) = (plan.Metric, plan.Explanation.Evidence);
        var own = metric.Of(plan.Explanation.Scores, plan.Table, evidence);
        Figures[] dealt = [.. plan.Dealt.Select(scores => metric.Of(scores, plan.Table, evidence))];
        var answer = new MetricAnswer
        {
            ByQ = own.ByQ,
            ByLayers = own.ByLayers,
            Curve = own.Curve is { } curve ? [.. curve.Select((value, k) => Point(k, value, dealt))] : null,
            Sets = metric is LinearDatamodel or Infidelity
                ? [.. evidence.RandomSets.Select(set => Enumerable.Range(0, evidence.Units).Where(unit => set[unit]).ToArray())]
                : null,
        };
        foreach (var (part, name) in metric.Parts.Index())
        {
            answer = With(answer, name, Figure(own.Values[part], [.. dealt.Select(figures => figures.Values[part])], limits?[part]));
        }

        return answer;
    }

    /// <summary>An answer with one more of its parts.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="part">What the part is called; null: the answer's own.</param>
    /// <param name="figure">The part.</param>
    public static MetricAnswer With(MetricAnswer answer, string? part, MetricFigure figure) =>
        part switch
        {
            null => answer with
            {
                Value = figure.Value,
                Random = figure.Random,
                Z = figure.Z,
                Limits = figure.Limits,
                Normalised = figure.Normalised,
                StandardError = figure.StandardError,
                Texts = figure.Texts,
            },
            "comprehensiveness" => answer with { Comprehensiveness = figure },
            "sufficiency" => answer with { Sufficiency = figure },
            "kendall" => answer with { Kendall = figure },
            "auprc" => answer with { Auprc = figure },
            "token_f1" => answer with { TokenF1 = figure },
            "iou_f1" => answer with { IouF1 = figure },
            _ => throw new ArgumentException($"Answers have no part {part}.", nameof(part)),
        };

    /// <summary>The part of an answer.</summary>
    public static MetricFigure? Part(MetricAnswer answer, string? part) =>
        part switch
        {
            null => answer,
            "comprehensiveness" => answer.Comprehensiveness,
            "sufficiency" => answer.Sufficiency,
            "kendall" => answer.Kendall,
            "auprc" => answer.Auprc,
            "token_f1" => answer.TokenF1,
            "iou_f1" => answer.IouF1,
            _ => throw new ArgumentException($"Answers have no part {part}.", nameof(part)),
        };

    private static MetricFigure Figure(double value, double[] dealt, MetricLimits? limits)
    {
        double[] known = [.. dealt.Where(double.IsFinite)];
        var random = double.IsFinite(value) && known.Length > 1 ? Spread(known) : null;
        return new MetricFigure
        {
            Value = double.IsFinite(value) ? value : null,
            Random = random,
            Z = random is { Sd: > 1e-12 } ? (value - random.Mean) / random.Sd : null,
            Limits = limits,
            Normalised =
                limits is not null && Math.Abs(limits.Best - limits.Worst) > 1e-12
                    ? (value - limits.Worst) / (limits.Best - limits.Worst)
                    : null,
        };
    }

    private static CurvePoint Point(int k, double value, Figures[] dealt) =>
        new(k, value) { Random = dealt.Length > 1 ? Spread([.. dealt.Select(figures => figures.Curve![k])]) : null };

    private static RandomFigures Spread(double[] values)
    {
        var spread = new RunningSpread();
        foreach (var value in values)
        {
            spread.Add(value);
        }

        return new RandomFigures(spread.Mean, spread.Deviation!.Value);
    }
}
