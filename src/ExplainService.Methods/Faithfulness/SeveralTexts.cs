using ExplainService.Methods.Contracts;
using ExplainService.Methods.Faithfulness.Metrics;
using ExplainService.Methods.Numerics;
using ExplainService.Runtime;

namespace ExplainService.Methods.Faithfulness;

/// <summary>Comparisons of several texts as one: means, their standard errors, and which differences are more than chance.</summary>
internal static class SeveralTexts
{
    /// <summary>One comparison of all.</summary>
    /// <param name="answers">One a text.</param>
    public static CompareAnswer Joined(IReadOnlyList<CompareAnswer> answers)
    {
        string[] names = [.. answers.SelectMany(answer => answer.Methods).Select(method => method.Name).Distinct()];
        ComparedMethod[] methods =
        [
            .. names.Select(name => Mean(name, [.. answers.SelectMany(answer => answer.Methods).Where(method => method.Name == name)])),
        ];
        var (recommendation, differences) = Verdict.OfTexts(methods, [.. answers.Select(Areas)]);
        var warnings = Warnings(answers);
        Verdict.Warn(methods, warnings);
        return new CompareAnswer
        {
            Model = answers[0].Model,
            Method = answers[0].Method,
            Title = answers[0].Title,
            Objective = answers[0].Objective,
            Methods = methods,
            Agreement = Agreement(names, answers),
            Recommendation = recommendation,
            Differences = differences,
            Texts = answers.Count,
            Evaluations = answers.Sum(answer => answer.Evaluations ?? 0),
            Seed = answers[0].Seed,
            Warnings = [.. warnings.Select(warning => warning.Text)],
            WarningCodes = [.. warnings.Select(warning => warning.Code)],
        };
    }

    private static Dictionary<string, double> Areas(CompareAnswer answer) =>
        answer
            .Methods.Where(method => Verdict.AreaOf(method) is not null)
            .ToDictionary(method => method.Name, method => Verdict.AreaOf(method)!.Value);

    /// <summary>Each once, with how many texts it is about; what a single text says of replacements is no matter of all.</summary>
    private static List<Warning> Warnings(IReadOnlyList<CompareAnswer> answers) =>
        [
            .. answers
                .SelectMany(answer => answer.WarningCodes.Zip(answer.Warnings))
                .Where(warning => warning.First != WarningCode.ReplacementsDisagree)
                .CountBy(warning => warning)
                .Select(warning => new Warning(
                    warning.Key.First,
                    warning.Value == answers.Count
                        ? warning.Key.Second
                        : FormattableString.Invariant($"In {warning.Value} of {answers.Count} texts: {warning.Key.Second}")
                )),
        ];

    private static ComparedMethod Mean(string name, ComparedMethod[] texts) =>
        new(
            name,
            texts
                .SelectMany(text => text.Metrics.Keys)
                .Distinct()
                .ToDictionary(
                    metric => metric,
                    metric =>
                        (IReadOnlyDictionary<string, MetricAnswer>)
                            MeanFigures(metric, [.. texts.Where(text => text.Metrics.ContainsKey(metric))])
                ),
            texts.Sum(text => text.Evaluations),
            Math.Round(texts.Sum(text => text.ElapsedMs), 3)
        );

    private static Dictionary<string, MetricAnswer> MeanFigures(string metric, ComparedMethod[] texts)
    {
        var parts = MetricList.All.Single(known => known.Name == metric).Parts;
        return texts
            .SelectMany(text => text.Metrics[metric])
            .GroupBy(figures => figures.Key, figures => figures.Value)
            .ToDictionary(
                replacement => replacement.Key,
                replacement =>
                    parts.Aggregate(
                        new MetricAnswer(),
                        (answer, part) =>
                            MetricAnswers.With(answer, part, MeanFigure([.. replacement.Select(text => MetricAnswers.Part(text, part)!)]))
                    )
            );
    }

    private static MetricFigure MeanFigure(MetricFigure[] texts)
    {
        double[] values = [.. texts.Select(text => text.Value).OfType<double>()];
        if (values.Length == 0)
        {
            return new MetricFigure { Texts = 0 };
        }

        var spread = SampleSpread.Of(values);
        RandomFigures[] random = [.. texts.Select(text => text.Random).OfType<RandomFigures>()];
        return new MetricFigure
        {
            Value = spread.Mean,
            StandardError = spread.StandardError,
            Texts = values.Length,
            Random =
                random.Length > 0
                    ? new RandomFigures(random.Average(figures => figures.Mean), random.Average(figures => figures.Sd))
                    : null,
            Z = MeanOf(texts.Select(text => text.Z)),
            Normalised = MeanOf(texts.Select(text => text.Normalised)),
        };
    }

    private static double?[][] Agreement(string[] names, IReadOnlyList<CompareAnswer> answers)
    {
        int[][] places =
        [
            .. answers.Select(answer =>
                names.Select(name => answer.Methods.Select(method => method.Name).ToList().IndexOf(name)).ToArray()
            ),
        ];
        return
        [
            .. names.Select(
                (_, one) =>
                    names
                        .Select(
                            (_, other) =>
                                MeanOf(
                                    answers
                                        .Zip(places)
                                        .Where(text => text.Second[one] >= 0 && text.Second[other] >= 0)
                                        .Select(text => text.First.Agreement[text.Second[one]][text.Second[other]])
                                )
                        )
                        .ToArray()
            ),
        ];
    }

    private static double? MeanOf(IEnumerable<double?> values) =>
        values.OfType<double>().ToArray() is { Length: > 0 } known ? known.Average() : null;
}
