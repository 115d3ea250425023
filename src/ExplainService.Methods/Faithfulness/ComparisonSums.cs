using ExplainService.Methods.Contracts;
using ExplainService.Methods.Faithfulness.Metrics;
using ExplainService.Methods.Numerics;
using ExplainService.Runtime;

namespace ExplainService.Methods.Faithfulness;

/// <summary>
/// Comparisons of single texts as one: means, their standard errors, and which differences are more than chance. Texts come one by one, and
/// what is kept does not grow with them.
/// </summary>
public sealed class ComparisonSums
{
    private readonly List<string> names = [];
    private readonly Dictionary<string, MethodSums> methods = new(StringComparer.Ordinal);
    private readonly Dictionary<(string One, string Other), RunningSpread> differences = [];
    private readonly Dictionary<(string One, string Other), RunningSpread> agreement = [];
    private readonly Dictionary<string, RunningSpread> areas = new(StringComparer.Ordinal);
    private readonly Dictionary<Warning, int> warnings = [];
    private CompareAnswer? first;
    private int texts;
    private long evaluations;

    /// <summary>Whether there was no text.</summary>
    public bool IsEmpty => first is null;

    /// <summary>The areas of a method, each the mean over the replacements, in the texts that measured it; null: none did.</summary>
    public RunningSpread? AreasOf(string method) => areas.GetValueOrDefault(method);

    /// <summary>One more text.</summary>
    /// <param name="answer">Its comparison, which names its methods in the order of all others.</param>
    public void Add(CompareAnswer answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        // Of the first is kept what all have in common.
        first ??= answer with
        {
            Explanations = null,
            Tokens = [],
            Prediction = null,
            Target = null,
        };
        texts++;
        evaluations += answer.Evaluations ?? 0;
        foreach (var warning in answer.WarningCodes.Zip(answer.Warnings, (code, text) => new Warning(code, text)))
        {
            // What a single text says of replacements is no matter of all.
            if (warning.Code != WarningCode.ReplacementsDisagree)
            {
                warnings[warning] = warnings.GetValueOrDefault(warning) + 1;
            }
        }

        foreach (var (place, method) in answer.Methods.Index())
        {
            if (!methods.TryGetValue(method.Name, out var sums))
            {
                names.Add(method.Name);
                methods[method.Name] = sums = new MethodSums();
            }

            sums.Add(method);
            Add(areas, method.Name, Verdict.AreaOf(method));
            foreach (var (otherPlace, other) in answer.Methods.Index())
            {
                Add(agreement, (method.Name, other.Name), answer.Agreement[place][otherPlace]);
                Add(differences, (method.Name, other.Name), Verdict.AreaOf(method) - Verdict.AreaOf(other));
            }
        }
    }

    /// <summary>One comparison of all so far.</summary>
    /// <exception cref="InvalidOperationException">There was none.</exception>
    public CompareAnswer Answer()
    {
        var common = first ?? throw new InvalidOperationException("There are no comparisons to sum up.");
        ComparedMethod[] means = [.. names.Select(name => methods[name].Mean(name))];
        var (recommendation, paired) = Verdict.OfTexts(means, texts, (one, other) => differences.GetValueOrDefault((one, other)));
        List<Warning> all =
        [
            .. warnings.Select(warning =>
                warning.Value == texts
                    ? warning.Key
                    : new Warning(warning.Key.Code, FormattableString.Invariant($"In {warning.Value} of {texts} texts: {warning.Key.Text}"))
            ),
        ];
        Verdict.Warn(means, all);
        return new CompareAnswer
        {
            Model = common.Model,
            Method = common.Method,
            Title = common.Title,
            Objective = common.Objective,
            Methods = means,
            Agreement = [.. names.Select(one => names.Select(other => agreement.GetValueOrDefault((one, other))?.MeanIfAny).ToArray())],
            Recommendation = recommendation,
            Differences = paired,
            Texts = texts,
            Evaluations = evaluations,
            Seed = common.Seed,
            Warnings = [.. all.Select(warning => warning.Text)],
            WarningCodes = [.. all.Select(warning => warning.Code)],
        };
    }

    private static void Add<TKey>(Dictionary<TKey, RunningSpread> sums, TKey key, double? value)
        where TKey : notnull
    {
        if (value is not { } known)
        {
            return;
        }

        if (!sums.TryGetValue(key, out var sum))
        {
            sums[key] = sum = new RunningSpread();
        }

        sum.Add(known);
    }

    private sealed class MethodSums
    {
        private readonly Dictionary<string, Dictionary<string, FigureSums[]>> metrics = new(StringComparer.Ordinal);
        private long evaluations;
        private double elapsed;

        public void Add(ComparedMethod method)
        {
            evaluations += method.Evaluations;
            elapsed += method.ElapsedMs;
            foreach (var (metric, replacements) in method.Metrics)
            {
                var parts = PartsOf(metric);
                if (!metrics.TryGetValue(metric, out var sums))
                {
                    metrics[metric] = sums = new Dictionary<string, FigureSums[]>(StringComparer.Ordinal);
                }

                foreach (var (replacement, figures) in replacements)
                {
                    if (!sums.TryGetValue(replacement, out var some))
                    {
                        sums[replacement] = some = [.. parts.Select(_ => new FigureSums())];
                    }

                    foreach (var (place, part) in parts.Index())
                    {
                        if (MetricAnswers.Part(figures, part) is { } figure)
                        {
                            some[place].Add(figure);
                        }
                    }
                }
            }
        }

        public ComparedMethod Mean(string name) =>
            new(
                name,
                metrics.ToDictionary(
                    metric => metric.Key,
                    metric =>
                        (IReadOnlyDictionary<string, MetricAnswer>)
                            metric.Value.ToDictionary(
                                replacement => replacement.Key,
                                replacement =>
                                    PartsOf(metric.Key)
                                        .Zip(replacement.Value)
                                        .Aggregate(
                                            new MetricAnswer(),
                                            (answer, part) => MetricAnswers.With(answer, part.First, part.Second.Mean())
                                        )
                            )
                ),
                evaluations,
                Math.Round(elapsed, 3)
            );

        private static IReadOnlyList<string?> PartsOf(string metric) => MetricList.All.Single(known => known.Name == metric).Parts;
    }
}
