using System.Text.Json;

namespace ExplainService.Api.Tests.Faithfulness;

/// <summary>
/// The metrics as methods.md defines them, written out once more over nothing but <c>/predict</c>: a removed word is a mask token for each
/// of its tokens, typed by the caller, or it is not there.
/// </summary>
internal sealed class Definitions(Service service, string text, JsonElement units, string replacement)
{
    private static readonly double[] Shares = [0.01, 0.05, 0.1, 0.2, 0.5];

    private readonly (int Start, int End, int Tokens)[] words =
    [
        .. units
            .EnumerateArray()
            .Select(unit =>
                (unit.GetProperty("start").GetInt32(), unit.GetProperty("end").GetInt32(), unit.GetProperty("tokens").GetArrayLength())
            ),
    ];
    private readonly double[] scores = [.. units.EnumerateArray().Select(unit => unit.GetProperty("score").GetDouble())];
    private readonly Dictionary<string, (double P, double Z)> known = [];

    /// <summary>How many words there are.</summary>
    public int Count => words.Length;

    /// <summary>The words, the most relevant first.</summary>
    private int[] Order => [.. Enumerable.Range(0, Count).OrderByDescending(word => scores[word])];

    /// <summary>Each figure by its name; of a metric with parts by both.</summary>
    public async Task<Dictionary<string, double>> FiguresAsync(int target)
    {
        var (m, order) = (Count, Order);
        int[] all = [.. Enumerable.Range(0, m)];
        var whole = await AskAsync([], target);
        var (without, only) = (new (double P, double Z)[m + 1], new (double P, double Z)[m + 1]);
        for (var k = 0; k <= m; k++)
        {
            without[k] = await AskAsync(order[..k], target);
            only[k] = await AskAsync(order[k..], target);
        }

        var drops = new double[m];
        foreach (var word in all)
        {
            drops[word] = whole.P - (await AskAsync([word], target)).P;
        }

        int[] counts = [.. Shares.Select(share => Math.Max(1, (int)Math.Ceiling(share * m)))];
        int[] every = [.. Enumerable.Range(1, m)];
        return new Dictionary<string, double>
        {
            ["comprehensiveness"] = counts.Average(k => whole.P - without[k].P),
            ["sufficiency"] = counts.Average(k => whole.P - only[k].P),
            ["log_odds"] = counts.Average(k => Math.Log(without[k].P) - Math.Log(whole.P)),
            ["aopc.comprehensiveness"] = every.Average(k => whole.P - without[k].P),
            ["aopc.sufficiency"] = every.Average(k => whole.P - only[k].P),
            ["area"] = every.Average(k => only[m - k].Z) - every.Average(k => without[k].Z),
            ["deletion_auc"] = every.Sum(k => (without[k - 1].P + without[k].P) / 2) / m,
            ["insertion_auc"] = every.Sum(k => (only[k - 1].P + only[k].P) / 2) / m,
            ["loo"] = Correlation(Ranks(scores), Ranks(drops)),
            ["loo.kendall"] = Concordance(scores, drops),
            ["sparsity"] =
                (from a in scores from b in scores select Math.Abs(Math.Abs(a) - Math.Abs(b))).Sum() / (2.0 * m * scores.Sum(Math.Abs)),
        };
    }

    /// <summary>The figures of sets that the answer lists.</summary>
    public async Task<(double Lds, double Infidelity)> OfSetsAsync(JsonElement sets, int target)
    {
        var whole = (await AskAsync([], target)).P;
        var (sums, said, errors) = (new List<double>(), new List<double>(), new List<double>());
        foreach (var set in sets.EnumerateArray())
        {
            int[] present = [.. set.EnumerateArray().Select(word => word.GetInt32())];
            int[] gone = [.. Enumerable.Range(0, Count).Except(present)];
            var p = (await AskAsync(gone, target)).P;
            sums.Add(present.Sum(word => scores[word]));
            said.Add(p);
            errors.Add(Math.Pow(gone.Sum(word => scores[word]) - (whole - p), 2));
        }

        return (Correlation(Ranks([.. sums]), Ranks([.. said])), errors.Average());
    }

    private async Task<(double P, double Z)> AskAsync(IReadOnlyList<int> removed, int target)
    {
        var changed = text;
        foreach (var word in removed.OrderDescending())
        {
            var instead = replacement == "mask" ? string.Concat(Enumerable.Repeat(" [MASK] ", words[word].Tokens)) : " ";
            changed = changed[..words[word].Start] + instead + changed[words[word].End..];
        }

        if (!known.TryGetValue(changed, out var said))
        {
            var label = (await service.AskAsync("/predict", new { text = changed })).GetProperty("prediction").GetProperty("labels")[
                target
            ];
            known[changed] = said = (label.GetProperty("probability").GetDouble(), label.GetProperty("logit").GetDouble());
        }

        return said;
    }

    private static double[] Ranks(double[] values) =>
        [.. values.Select(value => values.Count(other => other < value) + ((values.Count(other => other.Equals(value)) + 1) / 2.0))];

    private static double Correlation(double[] a, double[] b)
    {
        var (meanA, meanB) = (a.Average(), b.Average());
        var shared = a.Zip(b, (x, y) => (x - meanA) * (y - meanB)).Sum();
        return shared / Math.Sqrt(a.Sum(x => Math.Pow(x - meanA, 2)) * b.Sum(y => Math.Pow(y - meanB, 2)));
    }

    private static double Concordance(double[] a, double[] b)
    {
        var pairs =
            from i in Enumerable.Range(0, a.Length)
            from j in Enumerable.Range(0, i)
            select (X: Math.Sign(a[i] - a[j]), Y: Math.Sign(b[i] - b[j]));
        var all = pairs.ToArray();
        return all.Sum(pair => pair.X * pair.Y) / Math.Sqrt((double)all.Count(pair => pair.X != 0) * all.Count(pair => pair.Y != 0));
    }
}
