using ExplainService.Methods.Contracts;
using ExplainService.Methods.Numerics;

namespace ExplainService.Methods.Permutation;

/// <summary>
/// Which units take whose place: every group of adjacent units is replaced by others drawn from a list, in rounds, so that a prefix of the
/// draws has met every group about equally often. Draws depend on the seed and on the numbers of units and replacements alone, and are made as
/// they are asked for: rounds that a deadline cuts off take no memory.
/// </summary>
/// <param name="units">Units of the text.</param>
/// <param name="groupSize">Units that are replaced together.</param>
/// <param name="replacements">Replacements of every unit.</param>
/// <param name="ownText">The replacements are the text's own units, and a unit never replaces itself.</param>
/// <param name="samples">Rounds wanted; never more than there are replacements.</param>
/// <param name="seed">Of the draws.</param>
public sealed class PermutationPlan(int units, int groupSize, int replacements, bool ownText, int samples, long seed)
{
    /// <summary>The units that are replaced together; one each as a rule.</summary>
    public IReadOnlyList<Range> Groups { get; } =
    [
        .. Enumerable
            .Range(0, (units + groupSize - 1) / groupSize)
            .Select(g => new Range(g * groupSize, Math.Min(units, (g + 1) * groupSize))),
    ];

    /// <summary>How often every group is replaced: replacements of one differ from round to round until all have been used.</summary>
    public int Rounds => Math.Min(samples, PerUnit);

    /// <summary>Replacements in all: of every group in every round.</summary>
    public long Count => (long)Groups.Count * Rounds;

    private int PerUnit => ownText ? replacements - 1 : replacements;

    /// <summary>For every unit its replacement, [round][unit]; the same ones whenever they are asked for.</summary>
    public IEnumerable<int[]> Draws()
    {
        var random = new SeededRandom(seed);
        RandomOrder[] orders = [.. Enumerable.Range(0, units).Select(_ => new RandomOrder(PerUnit))];
        for (var round = 0; round < Rounds; round++)
        {
            var drawn = new int[units];
            for (var unit = 0; unit < units; unit++)
            {
                var replacement = orders[unit].Next(random);
                drawn[unit] = ownText && replacement >= unit ? replacement + 1 : replacement;
            }

            yield return drawn;
        }
    }
}

/// <summary>What replacing every unit costs f, from draws.</summary>
/// <param name="Value">f of the text, [outputs].</param>
/// <param name="Scores">[outputs][groups]: f(x) − mean; not a number for a group that there was no time to replace.</param>
/// <param name="StandardErrors">
/// [outputs][groups]: how far the mean over all replacements may be, widened for few draws; zero with every replacement drawn. A single draw of several
/// tells nothing of the spread: not a number for a group that has no more, null where none has.
/// </param>
/// <param name="Evaluations">Texts scored.</param>
/// <param name="DeadlineReached">Whether the time was up before all draws.</param>
public sealed record PermutationEstimate(
    double[] Value,
    double[][] Scores,
    double[][]? StandardErrors,
    int Evaluations,
    bool DeadlineReached
)
{
    /// <summary>Whether a group has a score and no standard error.</summary>
    public bool HasUnjudged =>
        StandardErrors is not { } errors || Scores[0].Zip(errors[0]).Any(group => !double.IsNaN(group.First) && double.IsNaN(group.Second));
}

/// <summary>
/// Permutation importance for a single text: f(x) − the mean of f with a unit replaced by others (Breiman 2001; Fisher et al. 2019).
/// </summary>
public static class PermutationEstimator
{
    /// <summary>Sums draws up as their scores come in.</summary>
    /// <param name="scores">f of the text, then of every draw, round by round.</param>
    /// <param name="plan">The draws.</param>
    /// <param name="population">How many replacements a unit has: drawing all of them leaves nothing to chance.</param>
    /// <param name="outOfTime">Asked after every score; once true, or when scores end early, what has been seen is summed up.</param>
    /// <param name="cancellationToken">Drops what has not been computed.</param>
    /// <exception cref="NoPartialResultException">The time was up before the first group was replaced.</exception>
    public static async Task<PermutationEstimate> EstimateAsync(
        IAsyncEnumerable<double[]> scores,
        PermutationPlan plan,
        int population,
        Func<bool> outOfTime,
        CancellationToken cancellationToken
    )
    {
        var groups = plan.Groups.Count;
        var all = plan.Count;
        double[]? value = null;
        Welford[]? tallies = null;
        var seen = 0;
        var late = false;
        await foreach (var score in scores.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            if (value is null || tallies is null)
            {
                value = score;
                tallies = [.. Enumerable.Range(0, groups).Select(_ => new Welford(value))];
            }
            else
            {
                tallies[seen++ % groups].Add(score);
            }

            if (seen < all && outOfTime())
            {
                late = true;
                break;
            }
        }

        if (value is null || tallies is null || (seen == 0 && all > 0))
        {
            throw new NoPartialResultException();
        }

        return new PermutationEstimate(
            value,
            [.. value.Select((_, output) => tallies.Select(tally => tally.Drop(output)).ToArray())],
            StandardErrors(tallies, value.Length, population),
            seen + 1,
            late || seen < all
        );
    }

    /// <summary>Of the groups that were replaced; the mean of all draws of a finite population is certain (Cochran 1977, 2.6).</summary>
    private static double[][]? StandardErrors(Welford[] tallies, int outputs, int population)
    {
        int[] counts = [.. tallies.Select(tally => tally.Count).TakeWhile(count => count > 0)];
        var enough = Math.Min(2, population);
        if (counts.All(count => count < enough))
        {
            return null;
        }

        return
        [
            .. Enumerable
                .Range(0, outputs)
                .Select(output =>
                    SmallSampleErrors
                        .StandardErrors([.. tallies.Take(counts.Length).Select(tally => tally.Deviations(output))], counts)
                        .Select(
                            (error, group) =>
                                counts[group] < enough ? double.NaN : error * Math.Sqrt(1 - ((double)counts[group] / population))
                        )
                        .Concat(Enumerable.Repeat(double.NaN, tallies.Length - counts.Length))
                        .ToArray()
                ),
        ];
    }

    // Welford 1962: a running mean and spread that lose no digits.
    private sealed class Welford(double[] whole)
    {
        private readonly double[] means = new double[whole.Length];
        private readonly double[] squares = new double[whole.Length];

        public int Count { get; private set; }

        public void Add(double[] score)
        {
            Count++;
            for (var output = 0; output < whole.Length; output++)
            {
                var drop = whole[output] - score[output];
                var before = drop - means[output];
                means[output] += before / Count;
                squares[output] += before * (drop - means[output]);
            }
        }

        public double Drop(int output) => Count > 0 ? means[output] : double.NaN;

        public double Deviations(int output) => squares[output];
    }
}
