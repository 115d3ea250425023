using ExplainService.Methods.Coalitions;
using ExplainService.Methods.Contracts;

namespace ExplainService.Methods.Occlusion;

/// <summary>Occlusion: how much f drops when a window of units is removed (Zeiler and Fergus 2014).</summary>
public static class OcclusionEstimator
{
    /// <summary>The drops of windows and, for every unit, the mean drop of the windows that hold it.</summary>
    /// <param name="Value">f of the whole text, [output].</param>
    /// <param name="Windows">
    /// First and last unit of every window; the first of those asked for, if the time was up before the others.
    /// </param>
    /// <param name="Drops">[window][output].</param>
    /// <param name="Scores">[output][unit]; not a number for a unit in no window.</param>
    public sealed record Result(double[] Value, IReadOnlyList<(int First, int Last)> Windows, double[][] Drops, double[][] Scores);

    /// <summary>
    /// Windows of <paramref name="window"/> units, <paramref name="stride"/> apart. A last window ends at the last unit where the stride
    /// would leave units uncovered; a stretch shorter than the window is one window.
    /// </summary>
    /// <param name="first">First unit of the stretch (the text's, or the pair's).</param>
    /// <param name="count">Units of the stretch.</param>
    /// <param name="window">Units a window.</param>
    /// <param name="stride">Units between starts, at most <paramref name="window"/>.</param>
    public static IEnumerable<(int First, int Last)> Windows(int first, int count, int window, int stride)
    {
        var end = first + count;
        if (count <= 0)
        {
            yield break;
        }

        for (var start = first; ; start += stride)
        {
            if (start + window >= end)
            {
                yield return (Math.Max(first, end - window), end - 1);
                yield break;
            }

            yield return (start, start + window - 1);
        }
    }

    /// <summary>Scores every window once, together with the whole text; as many of them as there is time for.</summary>
    /// <exception cref="NoPartialResultException">There was no time for any.</exception>
    public static async Task<Result> MeasureAsync(
        ICoalitionGame game,
        IReadOnlyList<(int First, int Last)> windows,
        CancellationToken cancellationToken
    )
    {
        var coalitions = windows
            .Select(window => Coalition.Of(game.Players, unit => unit < window.First || unit > window.Last))
            .Prepend(Coalition.Full(game.Players));
        double[]? value = null;
        var drops = new List<double[]>(windows.Count);
        await foreach (var score in game.EvaluateAsync(coalitions, cancellationToken).ConfigureAwait(false))
        {
            if (value is null)
            {
                value = score;
            }
            else
            {
                drops.Add([.. value.Zip(score, (whole, without) => whole - without)]);
            }
        }

        if (value is null || (drops.Count == 0 && windows.Count > 0))
        {
            throw new NoPartialResultException();
        }

        return new Result(value, [.. windows.Take(drops.Count)], [.. drops], UnitMeans(game, windows, drops));
    }

    private static double[][] UnitMeans(ICoalitionGame game, IReadOnlyList<(int First, int Last)> windows, List<double[]> drops)
    {
        var sums = new double[game.Outputs][];
        for (var output = 0; output < sums.Length; output++)
        {
            sums[output] = new double[game.Players];
            var counts = new int[game.Players];
            for (var w = 0; w < drops.Count; w++)
            {
                for (var unit = windows[w].First; unit <= windows[w].Last; unit++)
                {
                    sums[output][unit] += drops[w][output];
                    counts[unit]++;
                }
            }

            for (var unit = 0; unit < counts.Length; unit++)
            {
                sums[output][unit] /= counts[unit];
            }
        }

        return sums;
    }
}
