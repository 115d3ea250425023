using ExplainService.Graph.Operators;
using ExplainService.Graph.Shapes;

namespace ExplainService.Graph.Patterns;

/// <summary>
/// Finds the feed-forward network of a block: its last matrix is the product with a weight of which everything before, back to other such
/// products, comes from the inside of the block alone: neither from the residual stream nor from an attention.
/// </summary>
internal sealed class FeedForward
{
    private readonly ModelGraph graph;
    private readonly InferredShapes shapes;
    private readonly HashSet<string> stream;
    private readonly HashSet<string> moving;
    private readonly Dictionary<string, Node> producers;

    public FeedForward(
        ModelGraph graph,
        InferredShapes shapes,
        IEnumerable<ResidualStream.Point> points,
        IReadOnlyCollection<string> sources
    )
    {
        (this.graph, this.shapes) = (graph, shapes);
        stream = [.. points.Select(point => point.Value)];
        moving = TokenPath.Reach(graph, sources);
        producers = graph.Producers();
    }

    /// <summary>What enters the last matrix of the network between two places of the graph; null: there is none.</summary>
    public string? Activation(int from, int to)
    {
        for (var i = to; i > from; i--)
        {
            var node = graph.Nodes[i];
            if (Input(node) is { } input && IsInner(input))
            {
                return WithPositions(input) is var activation && shapes[activation].Rank == 3 ? activation : null;
            }
        }

        return null;
    }

    /// <summary>The moving input of a product with a weight.</summary>
    private string? Input(Node node)
    {
        if (node.Op is not ("MatMul" or "Gemm" or "FusedMatMul"))
        {
            return null;
        }

        return (moving.Contains(node.Inputs[0]), moving.Contains(node.Inputs[1])) switch
        {
            (true, false) => node.Inputs[0],
            (false, true) => node.Inputs[1],
            _ => null,
        };
    }

    /// <summary>Whether everything that makes a value up begins at products with weights, of which there are some.</summary>
    private bool IsInner(string value)
    {
        var (found, bends) = (false, false);
        var seen = new HashSet<string>();
        var queue = new Queue<string>([value]);
        while (queue.TryDequeue(out var name))
        {
            if (!moving.Contains(name) || !seen.Add(name))
            {
                continue;
            }

            if (stream.Contains(name) || !producers.TryGetValue(name, out var node))
            {
                return false;
            }

            if (Input(node) is not null)
            {
                found = true;
                continue;
            }

            if (node.Op is "MatMul" or "FusedMatMul" or "Einsum" || Probabilities.AxisOf(node, shapes, producers) is not null)
            {
                return false;
            }

            bends |= node.Has(OperatorTrait.Activation) || node.Is("Max");
            foreach (var input in node.Reads.Where(_ => !node.Has(OperatorTrait.ReadsShape)))
            {
                queue.Enqueue(input);
            }
        }

        return found && bends;
    }

    /// <summary>The value as it was before positions were folded into the batch for the product.</summary>
    private string WithPositions(string value)
    {
        while (
            shapes[value].Rank == 2
            && producers.TryGetValue(value, out var node)
            && node.Has(OperatorTrait.Reshapes)
            && moving.Contains(node.Inputs[0])
        )
        {
            value = node.Inputs[0];
        }

        return value;
    }
}
