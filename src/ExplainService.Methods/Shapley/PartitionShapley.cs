using ExplainService.Methods.Coalitions;

namespace ExplainService.Methods.Shapley;

/// <summary>
/// Owen values over a tree of adjacent units (Owen 1977): every group shares what it is worth between its two halves, in each of the
/// contexts that its parents leave. The strongest groups are opened first; what the budget leaves closed is shared equally
/// among its units. Nothing is drawn, so there is no standard error, and equal groups are opened in text order. With a tolerance it stops
/// as soon as no closed group is worth more.
/// </summary>
public static class PartitionShapley
{
    // Groups opened at once: enough to fill a batch, few enough to keep to the strongest.
    private const int GroupsAtOnce = 16;

    /// <summary>Estimates the values of every output; a single evaluation more than an even budget is left unused.</summary>
    public static async Task<ShapleyEstimate> EstimateAsync(
        ICoalitionGame game,
        ShapleyOptions options,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxEvaluations, 2, "max_evaluations");
        var evaluator = new CoalitionEvaluator(game, options);
        var (empty, full) = await evaluator.EndsAsync(cancellationToken);
        var tree = options.Tree ?? PartitionTree.Halves(game.Players);
        if ((tree?.Count ?? 0) != game.Players)
        {
            throw new ArgumentException($"The tree has {tree?.Count ?? 0} units and the text {game.Players}.", nameof(options));
        }

        var closed = new PriorityQueue<Group, (double, int, int)>();
        var done = new List<Group>();
        var opened = 0;
        if (tree is not null)
        {
            Close(new Group(tree, Coalition.Empty(game.Players), empty, full, 1));
        }

        while (closed.Count > 0 && evaluator.Left >= 2 && !evaluator.DeadlineReached && !WithinTolerance())
        {
            var groups = new List<Group>();
            while (groups.Count < GroupsAtOnce && 2 * (groups.Count + 1) <= evaluator.Left && closed.TryDequeue(out var group, out _))
            {
                groups.Add(group);
            }

            var values = await evaluator.EvaluateAsync([.. groups.SelectMany(group => group.Questions())], cancellationToken);
            for (var i = 0; i < groups.Count; i++)
            {
                if ((2 * i) + 1 < values.Count)
                {
                    groups[i].Open(values[2 * i], values[(2 * i) + 1]).ForEach(Close);
                }
                else
                {
                    done.Add(groups[i]);
                }
            }
        }

        return new ShapleyEstimate
        {
            Algorithm = ShapAlgorithm.Partition,
            BaseValue = empty,
            Value = full,
            Scores = Shared(empty.Length, game.Players, done.Concat(closed.UnorderedItems.Select(item => item.Element))),
            Evaluations = evaluator.Evaluations,
            LargestGroup = LargestClosed() is var largest and > 1 ? largest : 0,
            Converged = !evaluator.DeadlineReached && (closed.Count == 0 || WithinTolerance()),
            DeadlineReached = evaluator.DeadlineReached,
        };

        // A single unit has nothing to open. Strongest first, then as in the text, then as found.
        void Close(Group group)
        {
            if (group.Tree.Count == 1)
            {
                done.Add(group);
            }
            else
            {
                closed.Enqueue(group, (-group.Rank, group.Tree.First, opened++));
            }
        }

        bool WithinTolerance() =>
            options.Tolerance is { } tolerance && closed.UnorderedItems.Max(item => item.Element.Strength) <= tolerance;

        int LargestClosed() => closed.UnorderedItems.Select(item => item.Element).Concat(done).Max(group => (int?)group.Tree.Count) ?? 0;
    }

    private static double[][] Shared(int outputs, int players, IEnumerable<Group> groups)
    {
        var scores = new double[outputs][];
        for (var output = 0; output < outputs; output++)
        {
            scores[output] = new double[players];
        }

        // Summed in text order, so that the last bits do not depend on the queue's inner order.
        foreach (
            var group in groups.OrderBy(group => group.Tree.First).ThenBy(group => group.Tree.End).ThenBy(group => group.Context.Count)
        )
        {
            for (var output = 0; output < outputs; output++)
            {
                var share = group.Weight * (group.With[output] - group.Without[output]) / group.Tree.Count;
                for (var unit = group.Tree.First; unit < group.Tree.End; unit++)
                {
                    scores[output][unit] += share;
                }
            }
        }

        return scores;
    }

    private sealed record Group(PartitionTree Tree, Coalition Context, double[] Without, double[] With, double Weight)
    {
        /// <summary>
        /// The strength on a grid of half percents: groups as strong as each other go in text order, whatever the last bits of the model's
        /// answers, which depend on the batch that a row was in.
        /// </summary>
        public double Rank => Strength > 0 ? Math.Round(Math.Log(Strength) * 200) : double.NegativeInfinity;

        public double Strength => Weight * Without.Zip(With, (without, with) => Math.Abs(with - without)).Max();

        public Coalition[] Questions() => [Present(Tree.Left!), Present(Tree.Right!)];

        // Each half is worth the mean of what it adds alone and what it adds to the other half.
        public List<Group> Open(double[] left, double[] right) =>
            [
                new(Tree.Left!, Context, Without, left, Weight / 2),
                new(Tree.Left!, Present(Tree.Right!), right, With, Weight / 2),
                new(Tree.Right!, Context, Without, right, Weight / 2),
                new(Tree.Right!, Present(Tree.Left!), left, With, Weight / 2),
            ];

        private Coalition Present(PartitionTree half) => Context.WithRange(half.First, half.End);
    }
}
