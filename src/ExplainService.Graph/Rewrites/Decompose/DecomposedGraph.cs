using System.Collections.Frozen;
using ExplainService.Graph.Building;

namespace ExplainService.Graph.Rewrites.Decompose;

/// <summary>
/// A model's function in plain float32 operators: fused operators taken apart, weights dequantised, quantised activations as the numbers
/// they approximate, half precision widened. Attention maps are visible in it, and it can be differentiated.
/// </summary>
/// <param name="Graph">The graph; shares its weights with the model's own. What is dequantised or widened is made when first read.</param>
/// <param name="Quantised">How the model's own graph is quantised, such as <c>int8, dynamic</c>; null where it is not.</param>
/// <param name="Widened">The precision that the model's own graph computes in, where that is not float32.</param>
public sealed record DecomposedGraph(ModelGraph Graph, string? Quantised, string? Widened)
{
    private static readonly FrozenDictionary<(string, string), IRewrite> Rewrites = Find();

    /// <summary>Makes the plain graph of a model.</summary>
    /// <param name="graph">The model's own, its constants folded; left as it is.</param>
    /// <returns>Null where the model's own graph is plain already.</returns>
    public static DecomposedGraph? Of(ModelGraph graph)
    {
        var plain = graph.Clone();
        var widened = Float32Widening.Apply(plain);
        var replaced = Replace(plain);
        if (replaced == 0 && widened is null)
        {
            return null;
        }

        plain.Declared.Clear();
        plain.RemoveDead();
        plain.Sort();
        return new DecomposedGraph(plain, QuantisationKind.Of(graph), widened);
    }

    /// <summary>Rebuilds the graph node by node; outputs keep their names.</summary>
    private static int Replace(ModelGraph graph)
    {
        Node[] nodes = [.. graph.Nodes];
        var producers = graph.Producers();
        graph.ReplaceNodes([]);
        var tape = new Tape(graph);
        var quantised = new QuantisedValues(tape, producers);
        var aliases = new Dictionary<string, string>();
        var count = 0;
        foreach (var node in nodes)
        {
            for (var i = 0; i < node.Inputs.Count; i++)
            {
                node.Inputs[i] = aliases.GetValueOrDefault(node.Inputs[i], node.Inputs[i]);
            }

            if (
                Rewrites.TryGetValue((node.Domain, node.Op), out var rewrite)
                && new RewriteStep(tape, node, quantised) is var step
                && rewrite.Apply(step)
            )
            {
                count++;
                foreach (var (output, value) in step.Results)
                {
                    // Readers go straight to the replacement, so that patterns see a weight as a weight; the Identity serves outputs and
                    // subgraphs.
                    aliases[node.Outputs[output]] = value.Name;
                    tape.Shapes.Infer(graph.Add(new Node("Identity", [value.Name], [node.Outputs[output]])));
                }

                continue;
            }

            tape.Shapes.Infer(graph.Add(node), graph);
        }

        return count;
    }

    private static FrozenDictionary<(string, string), IRewrite> Find() =>
        typeof(IRewrite)
            .Assembly.GetTypes()
            .Where(type => type is { IsAbstract: false, IsInterface: false } && type.IsAssignableTo(typeof(IRewrite)))
            .Select(type => (IRewrite)Activator.CreateInstance(type)!)
            .SelectMany(rewrite => rewrite.Operators, (rewrite, op) => (op, rewrite))
            .ToFrozenDictionary(pair => pair.op, pair => pair.rewrite);
}
