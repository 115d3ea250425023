using ExplainService.Graph.Shapes;

namespace ExplainService.Graph.Patterns;

/// <summary>The blocks of a stack, found by its residual stream and its attention.</summary>
internal static class BlockStack
{
    /// <summary>What is said where a graph shows none.</summary>
    public const string NotFound = "No residual stream around attention layers was found in the graph.";

    /// <summary>The blocks, from the first to the last; empty where the stream and the attention do not fit together.</summary>
    /// <param name="graph">Sorted.</param>
    /// <param name="shapes">What is known of its values.</param>
    /// <param name="maps">The attention of the stack, a map a block.</param>
    /// <param name="sources">The embeddings of its tokens.</param>
    /// <param name="outputs">What the stream leads to.</param>
    public static IReadOnlyList<Block> Find(
        ModelGraph graph,
        InferredShapes shapes,
        IReadOnlyList<AttentionMap> maps,
        IReadOnlyCollection<string> sources,
        IReadOnlyCollection<string> outputs
    )
    {
        if (maps.Count == 0 || sources.Count == 0)
        {
            return [];
        }

        var points = ResidualStream.Of(graph, sources, outputs).Points.Where(point => IsStream(shapes[point.Value])).ToArray();
        var places = Places(graph);
        var attention = maps.Select(map => places[map.Output]).ToArray();
        var before = attention.Select(place => Array.FindLastIndex(points, point => point.Place < place)).ToArray();
        if (Array.Exists(before, index => index < 0) || before.Distinct().Count() < before.Length)
        {
            return [];
        }

        if (Last(shapes, points, before, attention) is not { } last)
        {
            return [];
        }

        int[] cuts = [.. before, last];
        var feedForward = new FeedForward(graph, shapes, points, sources);
        return
        [
            .. maps.Select(
                (map, layer) =>
                    new Block(
                        map,
                        points[cuts[layer]].Value,
                        points[cuts[layer + 1]].Value,
                        feedForward.Activation(points[cuts[layer]].Place, points[cuts[layer + 1]].Place)
                    )
            ),
        ];
    }

    /// <summary>
    /// The point behind the last block. Behind the others the next block's attention begins; as the blocks of a stack are alike, the last
    /// has as many points between its attention and its end as they have, and what follows is the head's.
    /// </summary>
    private static int? Last(InferredShapes shapes, ResidualStream.Point[] points, int[] before, int[] attention)
    {
        var first = Array.FindIndex(points, point => point.Place > attention[^1]);
        if (first < 0)
        {
            return null;
        }

        if (before.Length == 1)
        {
            // Nothing to compare with but what enters the block: of the same operator, and as wide.
            var input = points[before[0]];
            var width = shapes[input.Value].Dims![^1];
            var end = Array.FindLastIndex(points, point => point.Node.Op == input.Node.Op && shapes[point.Value].Dims![^1] == width);
            return end > before[0] ? end : null;
        }

        var (from, to) = (Array.FindIndex(points, point => point.Place > attention[^2]), before[^1]);
        var last = first + (to - from);
        return last < points.Length && points[last].Node.Op == points[to].Node.Op ? last : null;
    }

    private static bool IsStream(TensorInfo info) => info.Rank == 3;

    private static Dictionary<string, int> Places(ModelGraph graph)
    {
        var places = new Dictionary<string, int>();
        for (var i = 0; i < graph.Nodes.Count; i++)
        {
            foreach (var output in graph.Nodes[i].Outputs)
            {
                places[output] = i;
            }
        }

        return places;
    }
}
