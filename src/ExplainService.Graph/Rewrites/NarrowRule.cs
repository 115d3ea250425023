using ExplainService.Graph.Operators;
using ExplainService.Graph.Shapes;

namespace ExplainService.Graph.Rewrites;

/// <summary>How an operator computes only some entries of its output along an axis: which axis of each input it then needs.</summary>
internal static class NarrowRule
{
    /// <summary>The input is needed whole.</summary>
    public const int Whole = -1;

    /// <summary>What an operator needs.</summary>
    /// <param name="Axes">For each input the axis along which the same entries suffice, or <see cref="Whole"/>.</param>
    /// <param name="Shape">A new target shape of a reshape.</param>
    public sealed record Plan(int[] Axes, long[]? Shape = null);

    /// <summary>Where demand becomes narrow: position 0 of [batch, sequence, hidden] is picked, or chosen positions of every row.</summary>
    public static Cut? SiteOf(Node node, InferredShapes shapes)
    {
        if (node.Domain.Length > 0 || node.Inputs.Count == 0 || shapes[node.Inputs[0]].Rank != 3)
        {
            return null;
        }

        return node.Op switch
        {
            "Gather" when node.Int("axis") == 1 && shapes[node.Inputs[1]].Numbers is [0] => new Cut(1, ""),
            "Slice"
                when Numbers(node, shapes, 1) is [0]
                    && Numbers(node, shapes, 2) is [1]
                    && Numbers(node, shapes, 3) is [1]
                    && (node.Input(4) is null || Numbers(node, shapes, 4) is [1]) => new Cut(1, ""),
            "GatherND" when node.Int("batch_dims") == 1 && shapes[node.Inputs[1]].Dims is [_, _, { Value: 1 }] => new Cut(
                1,
                node.Inputs[1]
            ),
            _ => null,
        };
    }

    /// <summary>The plan for an output of which only some entries of an axis are needed; null: the operator computes everything.</summary>
    public static Plan? Of(Node node, int axis, InferredShapes shapes)
    {
        if (shapes[node.Output].Dims is not { } output || axis >= output.Length)
        {
            return null;
        }

        if (node.Has(OperatorTrait.Unary))
        {
            return First(node, axis);
        }

        if (node.Has(OperatorTrait.Elementwise))
        {
            return Broadcast(node, axis, output, shapes);
        }

        if (node.Domain.Length > 0)
        {
            return null;
        }

        var rank = output.Length;
        switch (node.Op)
        {
            case "LayerNormalization"
            or "SimplifiedLayerNormalization"
            or "RMSNormalization" when Last(node.Int("axis", -1), rank) && axis < rank - 1:
            case "Softmax" or "LogSoftmax" when Last(node.Int("axis", -1), rank) && axis < rank - 1:
                return First(node, axis);
            case "ReduceMean"
            or "ReduceSum"
                when node.Int("keepdims", 1) == 1
                    && axis < rank - 1
                    && (node.Ints("axes") ?? Numbers(node, shapes, 1)) is [var reduced]
                    && Last(reduced, rank):
                return First(node, axis);
            case "MatMul" when axis == rank - 2 && shapes[node.Inputs[0]].Rank is { } left and >= 2 && shapes[node.Inputs[1]].Rank >= 2:
                return First(node, left - 2);
            case "Transpose" when node.Ints("perm") is { } perm:
                return First(node, (int)perm[axis]);
            case "Reshape":
                return Reshape(node, axis, output, shapes);
            case "Slice" when Numbers(node, shapes, 3) is { } cut && !cut.Select(at => at < 0 ? at + rank : at).Contains(axis):
                return First(node, axis);
            case "Split" when node.Int("axis") is var split && (split < 0 ? split + rank : split) != axis:
                return First(node, axis);
            case "Concat" when node.Int("axis") is var joined && (joined < 0 ? joined + rank : joined) != axis:
                return new Plan([.. Enumerable.Repeat(axis, node.Inputs.Count)]);
            default:
                return null;
        }
    }

    private static Plan First(Node node, int axis) => new([axis, .. Enumerable.Repeat(Whole, node.Inputs.Count - 1)]);

    private static bool Last(long axis, int rank) => axis == -1 || axis == rank - 1;

    private static long[]? Numbers(Node node, InferredShapes shapes, int input) =>
        node.Input(input) is { } name ? shapes[name].Numbers : null;

    /// <summary>Operands that have the axis are narrowed; those that lack it or are 1 there stay as they are.</summary>
    private static Plan? Broadcast(Node node, int axis, Dim[] output, InferredShapes shapes)
    {
        var axes = new int[node.Inputs.Count];
        for (var i = 0; i < axes.Length; i++)
        {
            if (shapes[node.Inputs[i]].Dims is not { } dims)
            {
                return null;
            }

            var own = axis - (output.Length - dims.Length);
            if (own < 0 || dims[own].Value == 1)
            {
                axes[i] = Whole;
            }
            else if (!dims[own].IsUnknown && dims[own] == output[axis])
            {
                axes[i] = own;
            }
            else
            {
                return null;
            }
        }

        return Array.TrueForAll(axes, own => own == Whole) ? null : new Plan(axes);
    }

    /// <summary>Axes up to the narrow one stay where they are and the rest is known: [B, S, H] to [B, S, heads, size] and back.</summary>
    private static Plan? Reshape(Node node, int axis, Dim[] output, InferredShapes shapes)
    {
        if (shapes[node.Inputs[0]].Dims is not { } input || input.Length <= axis)
        {
            return null;
        }

        for (var i = 0; i <= axis; i++)
        {
            if (input[i].IsUnknown || input[i] != output[i])
            {
                return null;
            }
        }

        if (output.Skip(axis + 1).Any(dim => dim.Value is null) || input.Skip(axis + 1).Any(dim => dim.Value is null))
        {
            return null;
        }

        return new Plan([axis, Whole], [.. output.Select((dim, i) => i <= axis ? 0 : dim.Value!.Value)]);
    }
}
