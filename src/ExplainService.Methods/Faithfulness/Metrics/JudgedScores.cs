using ExplainService.Methods.Coalitions;
using ExplainService.Methods.Numerics;

namespace ExplainService.Methods.Faithfulness.Metrics;

/// <summary>An order of the units, the most relevant first.</summary>
/// <param name="order">[units].</param>
internal sealed class Ranking(int[] order)
{
    private readonly Coalition?[] top = new Coalition?[order.Length + 1];

    /// <summary>The units, the most relevant first.</summary>
    public int[] Order => order;

    /// <summary>The <paramref name="k"/> most relevant units.</summary>
    public Coalition Top(int k) => top[k] ??= Coalition.FromPlayers(order.Length, order.AsSpan(0, k));

    /// <summary>Orders by chance.</summary>
    /// <param name="units">How many units.</param>
    /// <param name="count">How many orders.</param>
    /// <param name="seed">Of the draws.</param>
    public static Ranking[] Random(int units, int count, long seed)
    {
        var random = new SeededRandom(seed);
        var rankings = new Ranking[count];
        for (var i = 0; i < count; i++)
        {
            int[] order = [.. Enumerable.Range(0, units)];
            random.Shuffle(order.AsSpan());
            rankings[i] = new Ranking(order);
        }

        return rankings;
    }
}

/// <summary>Scores of units that are judged, and in which order they rank them.</summary>
/// <param name="Scores">[units].</param>
/// <param name="Ranking">The order.</param>
internal sealed record JudgedScores(double[] Scores, Ranking Ranking)
{
    /// <summary>The units, the most relevant first.</summary>
    public int[] Order => Ranking.Order;

    /// <summary>How many units there are.</summary>
    public int Units => Scores.Length;

    /// <summary>Scores that speak for the target where they are positive; unsigned ones by their size. Equal ones in text order.</summary>
    public static JudgedScores Of(double[] scores, bool unsigned) =>
        new(
            scores,
            new Ranking([.. Enumerable.Range(0, scores.Length).OrderByDescending(unit => unsigned ? Math.Abs(scores[unit]) : scores[unit])])
        );

    /// <summary>
    /// The same scores dealt out in another order: the strongest to the first of it. Rankings by chance have the sizes of what they are compared
    /// with, and are the same for all that are compared.
    /// </summary>
    public JudgedScores Dealt(Ranking ranking)
    {
        var dealt = new double[Units];
        for (var place = 0; place < Units; place++)
        {
            dealt[ranking.Order[place]] = Scores[Order[place]];
        }

        return new JudgedScores(dealt, ranking);
    }

    /// <summary>The <paramref name="k"/> most relevant units.</summary>
    public Coalition Top(int k) => Ranking.Top(k);
}
