using System.Runtime.CompilerServices;
using ExplainService.Methods.Coalitions;
using ExplainService.Methods.Pipeline;

namespace ExplainService.Methods.Perturbation;

/// <summary>
/// The game inside a coarse unit: its parts join or leave while the rest of the text stays as it is. With both contexts the worth of a
/// coalition is its mean over the rest being all there and all gone, which is what the unit's own Shapley value averages over, at its two
/// ends.
/// </summary>
/// <param name="game">The game of the leaves.</param>
/// <param name="node">The coarse unit.</param>
/// <param name="bothContexts">Also with the rest of the text gone.</param>
internal sealed class NestedGame(ICoalitionGame game, UnitNode node, bool bothContexts) : ICoalitionGame
{
    private readonly bool[] contexts = bothContexts && node.End - node.First < game.Players ? [true, false] : [true];

    public int Players => node.Inner.Count;

    public int Outputs => game.Outputs;

    /// <summary>Evaluations of the text that one coalition takes.</summary>
    public int Cost => contexts.Length;

    public async IAsyncEnumerable<double[]> EvaluateAsync(
        IEnumerable<Coalition> coalitions,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var asked = coalitions.SelectMany(coalition =>
            contexts.Select(rest => Leaves.CoalitionOf(game.Players, node.Inner, coalition, others: rest))
        );
        double[]? sum = null;
        var seen = 0;
        await foreach (var value in game.EvaluateAsync(asked, cancellationToken).ConfigureAwait(false))
        {
            sum = sum is null ? value : [.. sum.Zip(value, (a, b) => a + b)];
            if (++seen == contexts.Length)
            {
                yield return [.. sum.Select(total => total / contexts.Length)];
                (sum, seen) = (null, 0);
            }
        }
    }
}

/// <summary>From coarse units to their leaves.</summary>
internal static class Leaves
{
    /// <summary>The leaves of the nodes that are present, and all others or none.</summary>
    public static Coalition CoalitionOf(int leaves, IReadOnlyList<UnitNode> nodes, Coalition present, bool others)
    {
        var there = new bool[leaves];
        there.AsSpan().Fill(others);
        for (var i = 0; i < nodes.Count; i++)
        {
            there.AsSpan(nodes[i].First, nodes[i].End - nodes[i].First).Fill(present[i]);
        }

        return Coalition.Of(leaves, leaf => there[leaf]);
    }
}
