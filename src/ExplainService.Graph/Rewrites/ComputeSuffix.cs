using ExplainService.Graph.Building;
using ExplainService.Graph.Operators;
using ExplainService.Graph.Patterns;
using ExplainService.Graph.Shapes;

namespace ExplainService.Graph.Rewrites;

/// <summary>
/// Lets a decoder compute only its last tokens. Fed with all tokens, masks and positions, everything beside the tokens' own path is
/// computed in full as before and cut where it meets the path, along the axis of the queries; only the path itself begins at the suffix.
/// So any mask (causal, sliding windows, relative positions) is the model's own. Keys and values of the prefix are the caller's business.
/// </summary>
internal sealed class ComputeSuffix
{
    private readonly ModelGraph graph;
    private readonly Tape tape;
    private readonly InferredShapes shapes;
    private readonly TokenPath path;
    private readonly Value start;
    private readonly Dictionary<string, Node> producers;
    private readonly Dictionary<string, string> shortened = [];
    private readonly Dictionary<(string, int), string> slices = [];

    private ComputeSuffix(Tape tape, TokenPath path, Value start)
    {
        (graph, this.tape, shapes, this.path, this.start) = (tape.Graph, tape, tape.Shapes, path, start);
        producers = graph.Producers();
    }

    /// <summary>Rewrites in place; the graph is left unsorted.</summary>
    /// <param name="tape">Over the graph.</param>
    /// <param name="path">The tokens' path in it.</param>
    /// <param name="start">Int64 [1]: how many tokens are left out at the start.</param>
    /// <exception cref="NotSupportedException">Something beside the path meets it in a way that is not understood.</exception>
    public static void Apply(Tape tape, TokenPath path, Value start)
    {
        var rewrite = new ComputeSuffix(tape, path, start);
        var original = tape.Graph.Nodes.ToArray();
        var sizes = new InputSizes(tape, path.Ids);
        foreach (var node in original.Where(node => !node.Has(OperatorTrait.ReadsShape) && node.Outputs.Exists(path.Values.Contains)))
        {
            rewrite.Cut(node);
        }
        // The full length where it was read off a value of the path, which is short now.
        sizes.Replace(
            original.Where(node => node.Is("Shape") && (path.Values.Contains(node.Inputs[0]) || path.Source.Contains(node.Inputs[0])))
        );
    }

    private void Cut(Node node)
    {
        if (node.Attributes.Values.Any(value => value is ModelGraph))
        {
            throw new NotSupportedException($"{node} has a branch on the tokens' path.");
        }

        for (var i = 0; i < node.Inputs.Count; i++)
        {
            var name = node.Inputs[i];
            if (name.Length == 0 || path.Values.Contains(name) || graph.Weights.ContainsKey(name))
            {
                continue;
            }

            node.Inputs[i] = i > 0 && node.Has(OperatorTrait.TakesShape) ? Shorten(name) : Slice(node, name);
        }
    }

    /// <summary>Data beside the path: cut along the axis that the operator's output has its queries on.</summary>
    private string Slice(Node node, string name)
    {
        if (shapes[name].Dims is not { } dims || dims.Any(path.HidesLength))
        {
            throw new NotSupportedException($"The size of '{name}', which {node} reads, is not known.");
        }

        var axis = Array.FindIndex(dims, path.IsLength);
        if (axis < 0)
        {
            return name;
        }

        if (!path.Lookups.Contains(node))
        {
            if (!node.Has(OperatorTrait.Elementwise) || shapes[node.Output].Dims is not { } output)
            {
                throw new NotSupportedException($"{node} reads '{name}' along the tokens.");
            }
            // Of [batch, heads, queries, keys] the keys, which are the last axis, stay whole.
            var query = Array.FindIndex(output, path.IsLength);
            axis = query - (output.Length - dims.Length);
            if (query < 0)
            {
                throw new NotSupportedException($"{node} loses the tokens.");
            }

            if (axis < 0 || dims[axis].Value == 1)
            {
                return name;
            }

            if (!path.IsLength(dims[axis]))
            {
                throw new NotSupportedException($"{node} reads '{name}' in a way that is not understood.");
            }
        }

        if (!slices.TryGetValue((name, axis), out var slice))
        {
            slices[(name, axis)] = slice = tape[name].Slice(axis, start, tape.List([long.MaxValue])).Name;
        }

        return slice;
    }

    /// <summary>The same shape arithmetic, over inputs that are cut: what a shape is for the suffix.</summary>
    private string Shorten(string name)
    {
        if (graph.Weights.ContainsKey(name))
        {
            return name;
        }

        if (shortened.TryGetValue(name, out var known))
        {
            return known;
        }

        return shortened[name] = ShortenNew(name);
    }

    private string ShortenNew(string name)
    {
        if (!producers.TryGetValue(name, out var node))
        {
            return path.Inputs.Any(input => input.Name == name) ? tape[name].Slice(1, start, tape.List([long.MaxValue])).Name : name;
        }

        if (node.Is("Shape") && path.Source.Contains(node.Inputs[0]))
        {
            return name;
        }

        if (node.Attributes.Values.Any(value => value is ModelGraph))
        {
            throw new NotSupportedException($"{node} decides a shape.");
        }

        var isPath = node.Is("Shape") && path.Values.Contains(node.Inputs[0]);
        string[] inputs = isPath ? [node.Inputs[0]] : [.. node.Inputs.Select(input => input.Length == 0 ? "" : Shorten(input))];
        if (!isPath && inputs.SequenceEqual(node.Inputs))
        {
            return name;
        }

        if (!isPath && inputs.Any(path.Values.Contains))
        {
            throw new NotSupportedException($"{node} makes a shape of what the tokens say.");
        }

        var outputs = node.Outputs.Select(output => output.Length == 0 ? "" : graph.Unique(output + "_suffix")).ToArray();
        var copy = graph.Add(new Node(node.Op, inputs, outputs, node.Domain));
        foreach (var (key, value) in node.Attributes)
        {
            copy.Attributes[key] = value;
        }

        return outputs[node.Outputs.IndexOf(name)];
    }
}
