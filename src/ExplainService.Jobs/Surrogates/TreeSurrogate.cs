namespace ExplainService.Jobs.Surrogates;

/// <summary>A tree that asks whether a feature is there, grown by the Gini impurity of the model's labels (Breiman et al. 1984).</summary>
internal sealed class TreeSurrogate
{
    private const int Depth = 4;

    private readonly int labels;
    private readonly int leastRows;
    private readonly Node root;

    /// <summary>Grows it.</summary>
    /// <param name="rows">Features of the texts.</param>
    /// <param name="answers">The label that the model chooses for each.</param>
    /// <param name="labels">How many labels there are.</param>
    public TreeSurrogate(IReadOnlyList<int[]> rows, IReadOnlyList<int> answers, int labels)
    {
        this.labels = labels;
        leastRows = Math.Max(5, rows.Count / 100);
        root = Grow(rows, answers, [.. Enumerable.Range(0, rows.Count)], 0);
    }

    /// <summary>Shares of the labels in the leaf of a text.</summary>
    public double[] Predict(int[] features)
    {
        var node = root;
        while (node.Feature is { } feature)
        {
            node = Array.BinarySearch(features, feature) >= 0 ? node.With! : node.Without!;
        }

        var total = node.Counts.Sum();
        // Laplace: no leaf is so sure that its log-odds would be infinite.
        return [.. node.Counts.Select(count => (count + 1.0) / (total + labels))];
    }

    /// <summary>Its leaves: features that are there, that are not, and its counts.</summary>
    public IEnumerable<(int[] With, int[] Without, int[] Counts)> Leaves() => Leaves(root, [], []);

    private static IEnumerable<(int[] With, int[] Without, int[] Counts)> Leaves(Node node, int[] with, int[] without) =>
        node.Feature is { } feature
            ? Leaves(node.With!, [.. with, feature], without).Concat(Leaves(node.Without!, with, [.. without, feature]))
            : [(with, without, node.Counts)];

    private Node Grow(IReadOnlyList<int[]> rows, IReadOnlyList<int> answers, int[] here, int depth)
    {
        var counts = new int[labels];
        foreach (var row in here)
        {
            counts[answers[row]]++;
        }

        if (depth == Depth || here.Length < 2 * leastRows || Best(rows, answers, here, counts) is not { } feature)
        {
            return new Node(counts, null, null, null);
        }

        var split = here.ToLookup(row => Array.BinarySearch(rows[row], feature) >= 0);
        return new Node(
            counts,
            feature,
            Grow(rows, answers, [.. split[true]], depth + 1),
            Grow(rows, answers, [.. split[false]], depth + 1)
        );
    }

    /// <summary>The feature that leaves the least impurity; of equal ones the more frequent, which has the lower index.</summary>
    private int? Best(IReadOnlyList<int[]> rows, IReadOnlyList<int> answers, int[] here, int[] counts)
    {
        var with = new SortedDictionary<int, int[]>();
        foreach (var row in here)
        {
            foreach (var feature in rows[row])
            {
                if (!with.TryGetValue(feature, out var those))
                {
                    with[feature] = those = new int[labels];
                }

                those[answers[row]]++;
            }
        }

        var (best, least) = ((int?)null, Impurity(counts) - 1e-9);
        foreach (var (feature, those) in with)
        {
            var count = those.Sum();
            if (count < leastRows || here.Length - count < leastRows)
            {
                continue;
            }

            var impurity = Impurity(those) + Impurity([.. counts.Zip(those, (all, some) => all - some)]);
            if (impurity < least)
            {
                (best, least) = (feature, impurity);
            }
        }

        return best;
    }

    /// <summary>Gini impurity times the rows.</summary>
    private static double Impurity(int[] counts)
    {
        double total = counts.Sum();
        return total == 0 ? 0 : total - (counts.Sum(count => (double)count * count) / total);
    }

    private sealed record Node(int[] Counts, int? Feature, Node? With, Node? Without);
}
