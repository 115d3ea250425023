using ExplainService.Graph.Shapes;

namespace ExplainService.Graph.Patterns;

/// <summary>Which positions of the sequence a classification head reads.</summary>
public enum HeadPosition
{
    /// <summary>The graph does not tell.</summary>
    Unknown,

    /// <summary>The first.</summary>
    First,

    /// <summary>The last that is not padding, or one that a run computes.</summary>
    Last,

    /// <summary>All, pooled.</summary>
    All,
}

/// <summary>Finds where a classification head leaves the sequence.</summary>
public static class ClassifierHead
{
    /// <summary>
    /// Walks up from the logits [batch × classes] to the operator that takes positions out of [batch × sequence × hidden].
    /// </summary>
    public static HeadPosition Find(ModelGraph graph, InferredShapes shapes, string logits)
    {
        var producers = graph.Producers();
        var seen = new HashSet<string>();
        var queue = new Queue<string>([logits]);
        while (queue.TryDequeue(out var name))
        {
            if (!seen.Add(name) || !producers.TryGetValue(name, out var node))
            {
                continue;
            }

            if (Reads(node, shapes, producers) is { } position)
            {
                return position;
            }

            foreach (var input in node.Inputs.Where(input => input.Length > 0 && !graph.Weights.ContainsKey(input)))
            {
                queue.Enqueue(input);
            }
        }

        return HeadPosition.Unknown;
    }

    private static HeadPosition? Reads(Node node, InferredShapes shapes, Dictionary<string, Node> producers)
    {
        // All positions of all texts in one list, of which one a text is taken by a computed index.
        if (
            node.Is("Gather")
            && node.Int("axis") == 0
            && producers.GetValueOrDefault(node.Inputs[0]) is { Op: "Flatten" or "Reshape" } flat
            && shapes[node.Inputs[0]].Rank == 2
            && shapes[flat.Inputs[0]].Rank == 3
            && shapes[node.Inputs[1]].Numbers is null
        )
        {
            return HeadPosition.Last;
        }

        if (node.Inputs.Count == 0 || shapes[node.Inputs[0]].Rank != 3 || !shapes[node.Inputs[0]].Type.IsFloating())
        {
            return null;
        }

        switch (node.Op)
        {
            case "Gather" when node.Int("axis") == 1:
                return shapes[node.Inputs[1]].Numbers is [0] ? HeadPosition.First : HeadPosition.Last;
            case "GatherND" or "GatherElements":
                return HeadPosition.Last;
            case "Slice":
                return shapes[node.Inputs[1]].Numbers is [0] && shapes[node.Inputs[2]].Numbers is [1] ? HeadPosition.First : null;
            case "ReduceMean" or "ReduceSum" or "ReduceMax":
                var axes = node.Ints("axes") ?? (node.Input(1) is { } name ? shapes[name].Numbers : null);
                return axes is [1] or [-2] ? HeadPosition.All : null;
            default:
                return null;
        }
    }
}
