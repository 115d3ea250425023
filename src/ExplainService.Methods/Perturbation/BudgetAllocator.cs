using ExplainService.Methods.Contracts;
using ExplainService.Methods.Pipeline;

namespace ExplainService.Methods.Perturbation;

/// <summary>
/// Spends a budget inside the units of a hierarchy, the strongest first: it gets half of what is left, the next half of the rest.
/// </summary>
internal static class BudgetAllocator
{
    // Beyond so many parts every coalition is never evaluated.
    private const int MaxEnumeratedParts = 12;

    /// <summary>Spends it as long as the budget tells anything of their parts.</summary>
    /// <param name="units">Units and the strength of each.</param>
    /// <param name="budget">Evaluations of the text.</param>
    /// <param name="costOf">Evaluations that one coalition inside a unit takes.</param>
    /// <param name="minCoalitions">Coalitions inside a unit without which nothing can be said of its parts.</param>
    /// <param name="explain">
    /// Explains a unit within so many evaluations; answers with the parts' strengths and the evaluations spent. Throws
    /// <see cref="NoPartialResultException"/> when there is no time for that.
    /// </param>
    /// <returns>Whether there was time to spend it, and the units that it was too small for.</returns>
    public static async Task<(bool InTime, int Closed)> SpendAsync(
        IEnumerable<(UnitNode Node, double Strength)> units,
        int budget,
        Func<UnitNode, int> costOf,
        Func<UnitNode, int> minCoalitions,
        Func<UnitNode, int, Task<(IReadOnlyList<double> Strengths, int Spent)>> explain
    )
    {
        var queue = new PriorityQueue<UnitNode, (double, int)>();
        var closed = 0;
        Enqueue(units);
        while (queue.TryDequeue(out var node, out _))
        {
            var (parts, cost) = (node.Inner.Count, costOf(node));
            var most =
                parts == 1 ? 0
                : parts <= MaxEnumeratedParts ? cost << parts
                : int.MaxValue;
            if (Math.Min(most, minCoalitions(node) * cost) > budget)
            {
                closed++;
                continue;
            }

            // A pair of coalitions a part tells the parts apart, and is had before weaker units have anything.
            var share = Math.Min(most, queue.Count == 0 ? budget : Math.Min(budget, Math.Max(2 * parts * cost, budget / 2)));
            try
            {
                var (strengths, spent) = await explain(node, share).ConfigureAwait(false);
                budget -= spent;
                Enqueue(node.Inner.Zip(strengths));
            }
            catch (NoPartialResultException)
            {
                return (false, closed);
            }
        }

        return (true, closed);

        void Enqueue(IEnumerable<(UnitNode Node, double Strength)> found)
        {
            foreach (var (node, strength) in found.Where(unit => unit.Node.Inner.Count > 0))
            {
                queue.Enqueue(node, (-strength, node.First));
            }
        }
    }
}
