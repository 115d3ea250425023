using ExplainService.Graph.Shapes;

namespace ExplainService.Graph.Rewrites;

/// <summary>
/// Writes graphs of opset 7 to 16 in the operators of opset 17, which gradient rules, shapes and patterns then know alone. Before 13,
/// Softmax flattened its input to two axes, and lists of axes, sizes, bounds and pads were attributes. From 13 to 17 nothing that a
/// language model uses changed its meaning.
/// </summary>
public static class RaiseOpset
{
    private const long Target = 17;

    /// <summary>Rewrites in place; newer graphs stay as they are.</summary>
    /// <exception cref="GraphFormatException">The opset is older than 7, or an operator changed in a way that is not handled.</exception>
    public static void Apply(ModelGraph graph)
    {
        var opset = graph.Opset;
        if (opset >= Target)
        {
            return;
        }

        if (opset < 7)
        {
            throw new GraphFormatException($"The graph uses opset {opset}; opsets from 7 on are supported.");
        }

        if (opset < 13)
        {
            // Rules that infer shapes still see the old opset here.
            Raise(graph, graph, InferredShapes.Of(graph), opset);
        }

        graph.Opsets[""] = Target;
    }

    private static void Raise(ModelGraph graph, ModelGraph root, InferredShapes shapes, long opset)
    {
        var nodes = new List<Node>(graph.Nodes.Count);
        foreach (var node in graph.Nodes)
        {
            nodes.Add(node);
            foreach (var inner in node.Subgraphs)
            {
                Raise(inner, root, shapes.Inner(inner), opset);
            }

            if (node.Domain.Length > 0)
            {
                continue;
            }

            switch (node.Op)
            {
                case "Softmax" or "LogSoftmax" or "Hardmax":
                    Softmax(nodes, root, node, shapes);
                    break;
                case "Squeeze" or "Unsqueeze" or "ReduceSum":
                    Move(root, node, ("axes", 1));
                    break;
                case "Split":
                    Move(root, node, ("split", 1));
                    break;
                case "Slice" when opset < 10:
                    Move(root, node, ("starts", 1), ("ends", 2), ("axes", 3));
                    break;
                case "TopK" when opset < 10:
                    Move(root, node, ("k", 1));
                    break;
                case "Clip" when opset < 11:
                    MoveNumber(root, node, shapes, "min", 1);
                    MoveNumber(root, node, shapes, "max", 2);
                    break;
                case "Pad" when opset < 11:
                    Move(root, node, ("pads", 1));
                    MoveNumber(root, node, shapes, "value", 2);
                    break;
                case "Dropout" when opset < 12:
                    node.Attributes.Clear();
                    break;
                case "Scatter":
                    node.Op = "ScatterElements";
                    break;
                case "Upsample" or "Resize" when opset < 11:
                    throw new GraphFormatException($"{node} of opset {opset} is not supported.");
            }
        }

        graph.ReplaceNodes(nodes);
    }

    /// <summary>Softmax over the last axis keeps its form; over more it works on two axes, and the result gets its shape back.</summary>
    /// <param name="nodes">The new list, which ends with the node.</param>
    /// <param name="root">Knows which names are free.</param>
    /// <param name="node">The softmax.</param>
    /// <param name="shapes">What is known of its input.</param>
    private static void Softmax(List<Node> nodes, ModelGraph root, Node node, InferredShapes shapes)
    {
        var axis = node.Int("axis", 1);
        node.Attributes["axis"] = -1L;
        if (axis == -1 || shapes[node.Inputs[0]].Rank - 1 == axis)
        {
            return;
        }

        var (input, output) = (node.Inputs[0], node.Output);
        var (shape, flat, soft) = (root.Unique(output + "_shape"), root.Unique(output + "_flat"), root.Unique(output + "_soft"));
        (node.Inputs[0], node.Outputs[0]) = (flat, soft);
        nodes.RemoveAt(nodes.Count - 1);
        nodes.Add(new Node("Shape", [input], [shape]));
        nodes.Add(new Node("Flatten", [input], [flat]) { Attributes = { ["axis"] = axis } });
        nodes.Add(node);
        nodes.Add(new Node("Reshape", [soft, shape], [output]));
    }

    private static void Move(ModelGraph root, Node node, params (string Attribute, int Input)[] moves)
    {
        foreach (var (attribute, input) in moves)
        {
            if (!node.Attributes.Remove(attribute, out var value))
            {
                continue;
            }

            long[] list = value is long single ? [single] : (long[])value;
            Put(node, input, root.Add(Weight.Adopt(root.Unique(node.Output + "_" + attribute), [list.Length], list)));
        }
    }

    private static void MoveNumber(ModelGraph root, Node node, InferredShapes shapes, string attribute, int input)
    {
        if (!node.Attributes.Remove(attribute, out var value))
        {
            return;
        }

        var number = Weight.Adopt(root.Unique(node.Output + "_" + attribute), [], new[] { (float)value });
        var type = shapes[node.Inputs[0]].Type;
        Put(
            node,
            input,
            root.Add(type is ElementType.Float or ElementType.Undefined ? number : number.CastTo(type, number.Name) ?? number)
        );
    }

    private static void Put(Node node, int input, string name)
    {
        while (node.Inputs.Count <= input)
        {
            node.Inputs.Add("");
        }

        node.Inputs[input] = name;
    }
}
