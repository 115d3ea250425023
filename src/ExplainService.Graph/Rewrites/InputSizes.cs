using ExplainService.Graph.Building;

namespace ExplainService.Graph.Rewrites;

/// <summary>Shapes told by the sizes of a graph's inputs, whatever value they were read off before.</summary>
internal sealed class InputSizes
{
    private readonly Tape tape;
    private readonly Dictionary<string, (string Input, int Axis)> sizes = [];

    /// <param name="tape">Over the graph.</param>
    /// <param name="first">The input to ask before the others.</param>
    public InputSizes(Tape tape, string first)
    {
        this.tape = tape;
        foreach (var input in tape.Graph.Inputs.OrderByDescending(input => input.Name == first))
        {
            for (var axis = 0; axis < (input.Dims?.Count ?? 0); axis++)
            {
                if (input.Dims![axis].Symbol is { } symbol)
                {
                    sizes.TryAdd(symbol, (input.Name, axis));
                }
            }
        }
    }

    /// <summary>Makes the readers of Shape operators read the inputs' sizes instead.</summary>
    /// <exception cref="NotSupportedException">They do not tell.</exception>
    public void Replace(IEnumerable<Node> shapes)
    {
        var graph = tape.Graph;
        var read = graph.Nodes.SelectMany(node => node.Reads).ToHashSet();
        var (replacements, gone) = (new Dictionary<string, string>(), new HashSet<Node>());
        foreach (var shape in shapes.Where(shape => read.Contains(shape.Output)).ToArray())
        {
            if (
                tape.Shapes[shape.Output].Content is not { } content
                || content.Any(dim => dim.Value is null && (dim.Symbol is null || !sizes.ContainsKey(dim.Symbol)))
            )
            {
                throw new NotSupportedException($"The shape that {shape} reads cannot be told from the inputs.");
            }

            Value[] parts =
            [
                .. content.Select(dim =>
                    dim.Value is { } number ? tape.List([number]) : tape[sizes[dim.Symbol!].Input].Size(sizes[dim.Symbol!].Axis)
                ),
            ];
            replacements[shape.Output] = tape.Concat(0, parts).Name;
            gone.Add(shape);
        }

        graph.Nodes.RemoveAll(gone.Contains);
        graph.ReplaceUses(replacements);
    }
}
