using ExplainService.Methods.Contracts;
using ExplainService.Methods.Numerics;
using ExplainService.Runtime;

namespace ExplainService.Methods.Faithfulness;

/// <summary>Which of several methods is the most faithful, and whether that is more than chance.</summary>
internal static class Verdict
{
    private const double Level = 0.05;
    private const string Metric = "area";

    /// <summary>The area of a method, its mean over the replacements; null: it was not measured under all of them.</summary>
    public static double? AreaOf(ComparedMethod method) =>
        method.Metrics.GetValueOrDefault(Metric) is { Count: > 0 } figures && figures.Values.All(figure => figure.Value is not null)
            ? figures.Values.Average(figure => figure.Value!.Value)
            : null;

    /// <summary>The method with the largest area of one text, of which no difference is significant; null: none was measured.</summary>
    public static Recommendation? OfOneText(IReadOnlyList<ComparedMethod> methods) =>
        Best(methods) is { } best
            ? new Recommendation(
                best.Name,
                FormattableString.Invariant(
                    $"\"{best.Name}\" has the largest area, {AreaOf(best):0.###}, on this text; one text shows no significant difference between methods."
                ),
                Significant: false
            )
            : null;

    /// <summary>The method with the largest mean area over texts, and how it differs from each other one.</summary>
    /// <param name="means">The methods over all texts.</param>
    /// <param name="texts">How many texts there are.</param>
    /// <param name="differencesOf">Differences of the areas of two methods, over the texts that have both; null: none has.</param>
    public static (Recommendation? Recommendation, IReadOnlyList<PairedDifference> Differences) OfTexts(
        IReadOnlyList<ComparedMethod> means,
        int texts,
        Func<string, string, RunningSpread?> differencesOf
    )
    {
        if (Best(means) is not { } best)
        {
            return (null, []);
        }

        var differences = Holm([
            .. means
                .Where(method => method != best)
                .Select(method => (method.Name, Spread: differencesOf(best.Name, method.Name)))
                .Where(method => method.Spread is not null)
                .Select(method => Difference(best.Name, method.Name, method.Spread!)),
        ]);
        string[] alike = [.. differences.Where(difference => !difference.Significant).Select(difference => $"\"{difference.Other}\"")];
        var reason = FormattableString.Invariant($"\"{best.Name}\" has the largest mean area, {AreaOf(best):0.###}, over {texts} texts; ");
        reason +=
            alike.Length == 0
                ? "it differs significantly from every other method (paired t-tests, Holm's correction, 5 %)."
                : $"there is no significant difference from {string.Join(", ", alike)} (paired t-tests, Holm's correction, 5 %).";
        return (new Recommendation(best.Name, reason, alike.Length == 0 && differences.Length > 0), differences);
    }

    /// <summary>Says so where the replacements rank the methods differently.</summary>
    public static void Warn(IReadOnlyList<ComparedMethod> methods, ICollection<Warning> warnings)
    {
        ComparedMethod[] measured = [.. methods.Where(method => AreaOf(method) is not null)];
        if (measured.Length < 2)
        {
            return;
        }

        string[] replacements = [.. measured[0].Metrics[Metric].Keys];
        string[][] ranked =
        [
            .. replacements.Select(replacement =>
                measured.OrderByDescending(method => method.Metrics[Metric][replacement].Value).Select(method => method.Name).ToArray()
            ),
        ];
        if (ranked.Skip(1).Any(other => !other.SequenceEqual(ranked[0])))
        {
            var orders = replacements.Zip(ranked, (replacement, order) => $"under \"{replacement}\" {string.Join(" > ", order)}");
            warnings.Add(
                new Warning(
                    WarningCode.ReplacementsDisagree,
                    $"The ranking of the methods by area depends on what stands in for removed units: {string.Join("; ", orders)}."
                )
            );
        }
    }

    private static ComparedMethod? Best(IReadOnlyList<ComparedMethod> methods) =>
        methods.Where(method => AreaOf(method) is not null).MaxBy(AreaOf);

    private static PairedDifference Difference(string name, string other, RunningSpread differences)
    {
        var mean = differences.Mean;
        if (differences.StandardError is not { } error)
        {
            return new PairedDifference(name, other, mean, null, null, null, Significant: false);
        }

        double? p = error > 0 ? StudentT.TwoSided(mean / error, differences.Count - 1) : null;
        return new PairedDifference(name, other, mean, error, p, p, Significant: false);
    }

    /// <summary>Holm's step-down correction: p-values in order, times how many are left, none below the one before (Holm 1979).</summary>
    private static PairedDifference[] Holm(PairedDifference[] differences)
    {
        var tested = differences.Count(difference => difference.P is not null);
        var (corrected, largest) = ((PairedDifference[])differences.Clone(), 0.0);
        foreach (
            var (rank, (index, p)) in differences
                .Select((difference, index) => (index, difference.P))
                .Where(pair => pair.P is not null)
                .OrderBy(pair => pair.P)
                .Index()
        )
        {
            largest = Math.Max(largest, Math.Min(1, p!.Value * (tested - rank)));
            corrected[index] = differences[index] with
            {
                PCorrected = largest,
                Significant = largest < Level && differences[index].Mean > 0,
            };
        }

        return corrected;
    }
}
