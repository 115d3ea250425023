using ExplainService.Methods.Contracts;
using ExplainService.Methods.Faithfulness;
using ExplainService.Rendering;
using ExplainService.Runtime;

namespace ExplainService.Tests.Rendering;

/// <summary>Verdicts about explanations, made by hand.</summary>
internal static class FaithfulnessAnswers
{
    /// <summary>One explanation of three units.</summary>
    public static Subject Evaluation(string text) =>
        new(
            Answers.Of(
                "occlusion",
                "Evaluation",
                new EvaluateAnswer
                {
                    Objective = Objective.Probability,
                    Explanation = new EvaluatedExplanation
                    {
                        Method = "occlusion",
                        Granularity = "word",
                        Units = [],
                    },
                    Metrics = Metrics(4),
                }
            ),
            text
        );

    /// <summary>Several methods, the first of which is recommended.</summary>
    public static Subject Comparison(string text, params string[] methods) =>
        new(
            Answers.Of(
                "compare",
                "Comparison",
                new CompareAnswer
                {
                    Methods = [.. methods.Select((name, at) => new ComparedMethod(name, Metrics(4 - (3 * at)), 10, 1))],
                    Agreement = [.. methods.Select((_, row) => (double?[])[.. methods.Select((_, column) => row == column ? 1.0 : -0.25)])],
                    Recommendation = new Recommendation(methods[0], "occlusion has the largest area; no significant difference.", false),
                }
            ),
            text
        );

    /// <summary>All of them, for tests of every picture.</summary>
    public static IEnumerable<Subject> OfEveryKind(string text) => [Evaluation(text), Comparison(text, text, "lime")];

    private static Dictionary<string, IReadOnlyDictionary<string, MetricAnswer>> Metrics(double z) =>
        new()
        {
            ["area"] = Under(
                new MetricAnswer
                {
                    Value = 1.25,
                    Z = z,
                    Random = new RandomFigures(0, 0.3),
                }
            ),
            ["deletion_auc"] = Under(
                new MetricAnswer
                {
                    Value = 0.4,
                    Z = -z,
                    Random = new RandomFigures(0.6, 0.05),
                    Curve = Curve(0.9, 0.3, 0.2, 0.4),
                }
            ),
            ["insertion_auc"] = Under(
                new MetricAnswer
                {
                    Value = 0.7,
                    Z = z,
                    Curve = Curve(0.4, 0.8, 0.85, 0.9),
                }
            ),
        };

    private static Dictionary<string, MetricAnswer> Under(MetricAnswer answer) => new() { ["mask"] = answer };

    private static CurvePoint[] Curve(params double[] values) =>
        [.. values.Select((value, k) => new CurvePoint(k, value) { Random = new RandomFigures(0.6, 0.05) })];
}
