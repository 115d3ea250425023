using ExplainService.Methods.Coalitions;

namespace ExplainService.Methods.Shapley;

/// <summary>A way from coalition to coalition along an order of the players, each step adding some of them.</summary>
/// <param name="Coalitions">What it passes through, both ends of every step included.</param>
/// <param name="Steps">From and to, indices into <paramref name="Coalitions"/>, and the players that the step adds.</param>
/// <param name="Kind">How much of the order it covers.</param>
internal sealed record PermutationWalk(
    List<Coalition> Coalitions,
    List<(int From, int To, int[] Players)> Steps,
    PermutationWalk.Extent Kind
)
{
    public enum Extent
    {
        /// <summary>Every player by itself.</summary>
        Whole,

        /// <summary>Some players, each by itself.</summary>
        Part,

        /// <summary>Every player, several at a time.</summary>
        Blocks,
    }

    /// <summary>From nobody to everybody, one at a time.</summary>
    public static PermutationWalk Whole(int[] order) => Along(order, [.. Enumerable.Range(0, order.Length + 1)], Extent.Whole);

    /// <summary>
    /// A window of an order, which wraps around and whose place is random: so each of its players is met at any position, as in a whole
    /// order, and what it adds is estimated without bias.
    /// </summary>
    /// <param name="order">A permutation of the players.</param>
    /// <param name="start">How many players are present at first.</param>
    /// <param name="evaluations">Coalitions that may be evaluated; nobody and everybody are known.</param>
    public static PermutationWalk Part(int[] order, int start, int evaluations)
    {
        var walk = new PermutationWalk([], [], Extent.Part);
        for (var steps = 0; steps < order.Length && evaluations > 0; steps++)
        {
            var size = (start + steps) % order.Length;
            evaluations -= size == 0 || (steps > 0 && size != 0) ? 0 : 1;
            evaluations -= size + 1 == order.Length ? 0 : 1;
            if (evaluations < 0)
            {
                break;
            }

            walk.Coalitions.Add(Coalition.FromPlayers(order.Length, order.AsSpan(0, size)));
            walk.Coalitions.Add(Coalition.FromPlayers(order.Length, order.AsSpan(0, size + 1)));
            walk.Steps.Add((walk.Coalitions.Count - 2, walk.Coalitions.Count - 1, [order[size]]));
        }

        return walk;
    }

    /// <summary>
    /// From nobody to everybody and the same backwards, in blocks of about the same size, each passing through <paramref name="cuts"/>
    /// coalitions.
    /// </summary>
    public static PermutationWalk[] Blocks(int[] order, int cuts)
    {
        cuts = Math.Min(cuts, order.Length - 1);
        int[] sizes = [.. Enumerable.Range(0, cuts + 2).Select(cut => (int)((long)cut * order.Length / (cuts + 1)))];
        int[] backward = [.. sizes.Reverse().Select(size => order.Length - size)];
        return [Along(order, sizes, Extent.Blocks), Along([.. order.Reverse()], backward, Extent.Blocks)];
    }

    /// <summary>The same way with fewer stops: only the coalitions that are known.</summary>
    public PermutationWalk Through(Func<Coalition, bool> known)
    {
        var order = Steps.SelectMany(step => step.Players).ToArray();
        int[] sizes = [.. Coalitions.Where(known).Select(coalition => coalition.Count)];
        return Along(order, sizes, Extent.Blocks);
    }

    private static PermutationWalk Along(int[] order, int[] sizes, Extent kind)
    {
        var coalitions = sizes.Select(size => Coalition.FromPlayers(order.Length, order.AsSpan(0, size))).ToList();
        return new PermutationWalk(
            coalitions,
            [.. Enumerable.Range(0, sizes.Length - 1).Select(i => (i, i + 1, order[sizes[i]..sizes[i + 1]]))],
            kind
        );
    }
}
