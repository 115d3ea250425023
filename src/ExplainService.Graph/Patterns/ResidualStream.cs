using ExplainService.Graph.Operators;

namespace ExplainService.Graph.Patterns;

/// <summary>
/// The residual stream of a stack of blocks: the values that everything a token's embedding does to the output passes through, one after
/// the other. They are found by the structure alone: in a graph with one source, a value lies on every path exactly where no edge leads
/// from before it to behind it.
/// </summary>
internal sealed class ResidualStream
{
    private readonly List<Point> points = [];

    private ResidualStream() { }

    /// <summary>The stream from a stack's embeddings on.</summary>
    /// <param name="graph">Sorted.</param>
    /// <param name="sources">The embeddings of the stack's tokens: every value that holds them.</param>
    /// <param name="outputs">What the stream leads to.</param>
    public static ResidualStream Of(ModelGraph graph, IReadOnlyCollection<string> sources, IEnumerable<string> outputs)
    {
        var stream = new ResidualStream();
        var needed = Needed(graph, outputs);
        var moving = sources.ToHashSet();
        // Sources that the graph takes as inputs stand before every node.
        var place = sources.ToDictionary(source => source, _ => -1);
        var reach = new List<(int From, int To)>();
        var path = new List<(Node Node, int Place)>();
        for (var i = 0; i < graph.Nodes.Count; i++)
        {
            var node = graph.Nodes[i];
            if (node.Outputs.Exists(sources.Contains))
            {
                Begin(node, i);
                continue;
            }

            if (!needed.Contains(node) || node.Has(OperatorTrait.ReadsShape) || node.Has(OperatorTrait.NoGradient))
            {
                continue;
            }

            var read = node.Reads.Where(moving.Contains).ToArray();
            if (read.Length == 0)
            {
                continue;
            }

            reach.AddRange(read.Select(name => (place[name], i)));
            Begin(node, i);
        }

        // The furthest reader of anything before a node.
        var furthest = new Dictionary<int, int>();
        foreach (var (from, to) in reach)
        {
            furthest[from] = Math.Max(furthest.GetValueOrDefault(from), to);
        }

        var passed = furthest.GetValueOrDefault(-1);
        foreach (var (node, at) in path)
        {
            if (passed <= at && node.Outputs.FindAll(moving.Contains) is [var only])
            {
                stream.points.Add(new Point(only, node, at));
            }

            passed = Math.Max(passed, furthest.GetValueOrDefault(at));
        }

        return stream;

        void Begin(Node node, int at)
        {
            path.Add((node, at));
            foreach (var output in node.Outputs.Where(name => name.Length > 0))
            {
                moving.Add(output);
                place[output] = at;
            }
        }
    }

    /// <summary>The values, from the embeddings on.</summary>
    public IReadOnlyList<Point> Points => points;

    /// <summary>A value of the stream.</summary>
    /// <param name="Value">Its name.</param>
    /// <param name="Node">What writes it.</param>
    /// <param name="Place">The node's place in the graph.</param>
    internal sealed record Point(string Value, Node Node, int Place);

    /// <summary>What an output is made of: side branches that end nowhere would seem to lead around everything.</summary>
    private static HashSet<Node> Needed(ModelGraph graph, IEnumerable<string> outputs)
    {
        var wanted = outputs.ToHashSet();
        var needed = new HashSet<Node>();
        for (var i = graph.Nodes.Count - 1; i >= 0; i--)
        {
            if (graph.Nodes[i].Outputs.Exists(wanted.Contains))
            {
                needed.Add(graph.Nodes[i]);
                wanted.UnionWith(graph.Nodes[i].Reads);
            }
        }

        return needed;
    }
}
