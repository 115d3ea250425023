using ExplainService.Graph.Building;
using ExplainService.Graph.Shapes;

namespace ExplainService.Graph.Rewrites;

/// <summary>
/// Shape arithmetic that comes down to sizes of the graph's inputs is rewritten to read those inputs. Exporters write the shape of a
/// reshape from whatever hidden state was at hand, which would keep that state alive, and whole, for the sake of its sizes.
/// </summary>
public static class ReadInputShapes
{
    /// <summary>Rewrites in place and drops what nothing reads any more.</summary>
    public static void Apply(ModelGraph graph)
    {
        var shapes = InferredShapes.Of(graph);
        var sizes = new Dictionary<string, (string Input, int Axis)>();
        foreach (var input in graph.Inputs)
        {
            for (var axis = 0; axis < (input.Dims?.Count ?? 0); axis++)
            {
                if (input.Dims![axis].Symbol is { } symbol)
                {
                    sizes.TryAdd(symbol, (input.Name, axis));
                }
            }
        }

        var inputs = graph.Inputs.Select(input => input.Name).ToHashSet();
        var producers = graph.Producers();
        var tape = new Tape(graph, shapes);
        foreach (var node in graph.Nodes.Where(node => node.Op is "Reshape" or "Expand").ToArray())
        {
            var shape = node.Inputs[1];
            if (graph.Weights.ContainsKey(shape) || shapes[shape].Content is not { } content || ReadsInputsOnly(shape, producers, inputs))
            {
                continue;
            }

            if (content.Any(dim => dim.Value is null && (dim.Symbol is null || !sizes.ContainsKey(dim.Symbol))))
            {
                continue;
            }

            Value[] parts =
            [
                .. content.Select(dim =>
                    dim.Value is { } number ? tape.List([number]) : tape[sizes[dim.Symbol!].Input].Size(sizes[dim.Symbol!].Axis)
                ),
            ];
            node.Inputs[1] = tape.Concat(0, parts).Name;
        }

        graph.Sort();
        graph.RemoveDead();
    }

    /// <summary>Whether a shape comes from sizes of inputs and constants alone.</summary>
    private static bool ReadsInputsOnly(string name, Dictionary<string, Node> producers, HashSet<string> inputs)
    {
        var (open, seen) = (new Stack<string>([name]), new HashSet<string>());
        while (open.TryPop(out var value))
        {
            if (!seen.Add(value) || !producers.TryGetValue(value, out var node))
            {
                continue;
            }

            if (node.Op != "Shape")
            {
                node.Inputs.ForEach(open.Push);
            }
            else if (!inputs.Contains(node.Inputs[0]))
            {
                return false;
            }
        }

        return true;
    }
}
