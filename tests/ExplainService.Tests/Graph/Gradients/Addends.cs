using ExplainService.Graph;
using ExplainService.Graph.Gradients;
using ExplainService.Graph.Operators;
using ExplainService.Graph.Shapes;

namespace ExplainService.Tests.Graph.Gradients;

/// <summary>
/// Everything that does not depend on the embeddings and is added to something that does, on the way from them to an output: positions,
/// types, biases. Each gets a name of its own, so that a walk back gives the gradient of that addition alone.
/// </summary>
internal static class Addends
{
    /// <summary>Gives the addends names; the graph is sorted again.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="output">Where the walk starts.</param>
    /// <param name="embeddings">Where it ends.</param>
    public static IReadOnlyList<string> Separate(ModelGraph graph, string output, IReadOnlyCollection<string> embeddings)
    {
        TakeBiasesOut(graph);
        var shapes = InferredShapes.Of(graph);
        var rules = new RelevanceRules(graph, shapes, embeddings, GradientVariant.CpLrp);
        var moving = Influence.Of(graph, shapes, embeddings, rules.Held);
        var wanted = new HashSet<string> { output };
        var addends = new List<string>();
        foreach (var node in graph.Nodes.AsEnumerable().Reverse().ToArray())
        {
            if (!node.Outputs.Exists(wanted.Contains) || !Backward.LiesBetween(node, moving))
            {
                continue;
            }

            var rule = rules.Of(node, moving);
            wanted.UnionWith(
                Influence.Inputs(node, moving).Where(input => rule.Only is null || input == rule.Only).Select(input => node.Inputs[input])
            );
            for (var input = 0; input < node.Inputs.Count; input++)
            {
                var name = node.Inputs[input];
                if (name.Length > 0 && !moving.Contains(name) && IsAdded(node, input) && shapes[name].Type == ElementType.Float)
                {
                    node.Inputs[input] = graph.Unique("addend");
                    graph.Add(new Node("Identity", [name], [node.Inputs[input]]));
                    addends.Add(node.Inputs[input]);
                }
            }
        }

        graph.Sort();
        return addends;
    }

    /// <summary>What an operator adds of its own is added by another: not every rule gives the gradient of a bias.</summary>
    private static void TakeBiasesOut(ModelGraph graph)
    {
        foreach (var node in graph.Nodes.Where(node => node.Is("Conv") && node.Input(2) is not null).ToArray())
        {
            var (bias, result) = (node.Inputs[2], node.Output);
            node.Inputs.RemoveAt(2);
            node.Outputs[0] = graph.Unique("conv");
            var rank = InferredShapes.Of(graph)[node.Inputs[0]].Rank!.Value;
            var shape = graph.Add(Weight.Of<long>(graph.Unique("shape"), [rank], [1, -1, .. Enumerable.Repeat(1L, rank - 2)]));
            var shaped = graph.Unique("bias");
            graph.Add(new Node("Reshape", [bias, shape], [shaped]));
            graph.Add(new Node("Add", [node.Output, shaped], [result]));
        }

        graph.Sort();
    }

    private static bool IsAdded(Node node, int input) =>
        node.Op switch
        {
            "Add" or "Sub" or "Sum" or "Mean" or "Max" or "Min" or "Concat" => true,
            "Where" => input > 0,
            "ScatterND" or "ScatterElements" => input != 1,
            "LayerNormalization" or "Gemm" => input == 2,
            _ => node.Has(OperatorTrait.FirstInputGradient) && input > 1 && node.Op is not ("Conv" or "Pad")
                ? throw new NotSupportedException($"{node} may add an input.")
                : false,
        };
}
