using ExplainService.Graph.Shapes;

namespace ExplainService.Graph.Patterns;

/// <summary>Where probabilities multiply values, and what their axes mean there.</summary>
/// <param name="Map">The probabilities as they enter the product, or as they last were with one axis a head.</param>
/// <param name="Leading">Axes before queries and keys: batch and heads, in order; one that holds both; or three, heads in groups.</param>
/// <param name="Query">The axis of the queries.</param>
/// <param name="Key">The axis of the keys, which the product sums over.</param>
/// <param name="Result">The product.</param>
internal sealed record AttentionProduct(string Map, int[] Leading, int Query, int Key, string Result)
{
    /// <summary>
    /// Follows what leaves every weight as it is to a product that sums over <paramref name="axis"/>; null: there is none.
    /// </summary>
    public static AttentionProduct? Find(string value, int axis, InferredShapes shapes, ILookup<string, Node> consumers) =>
        Find(value, axis, shapes, consumers, []);

    private static AttentionProduct? Find(
        string value,
        int axis,
        InferredShapes shapes,
        ILookup<string, Node> consumers,
        HashSet<string> seen
    )
    {
        if (!seen.Add(value) || shapes[value].Dims is not { } dims)
        {
            return null;
        }

        foreach (var reader in consumers[value])
        {
            if (OfProduct(reader, value, axis, dims.Length) is { } product)
            {
                return product;
            }
        }

        foreach (var reader in consumers[value])
        {
            if (reader.Domain.Length > 0 || Through(reader, value, axis, shapes) is not { } next)
            {
                continue;
            }

            if (Find(reader.Output, next, shapes, consumers, seen) is not { } product)
            {
                continue;
            }
            // Heads that are folded into the batch for the product had an axis of their own before.
            var apart = dims.Length == 4 && product.Leading.Length == 1 && reader.Op == "Reshape";
            return apart ? product with { Map = value, Leading = [0, 1], Query = 2, Key = 3 } : product;
        }

        return null;
    }

    /// <summary>The axis of the keys after an operator that changes no weight; null: it changes them.</summary>
    private static int? Through(Node node, string value, int axis, InferredShapes shapes)
    {
        switch (node.Op)
        {
            case "Cast" or "Identity" or "Dropout":
                return axis;
            // The guard of a row without any key, or of a masked one.
            case "Where" when node.Inputs[0] != value:
                return axis;
            case "Transpose" when node.Ints("perm") is { } perm:
                return Array.IndexOf(perm, (long)axis);
            // An attention sink is a key of its own, cut off after the softmax.
            case "Slice"
                when (node.Ints("axes") ?? (node.Input(3) is { } axes ? shapes[axes].Numbers : null)) is [var cut]
                    && ShapeRule.Axis(cut, shapes[value].Rank!.Value) == axis:
                return axis;
            case "Reshape"
                when shapes[value].Dims is { } from
                    && shapes[node.Output].Dims is { } to
                    && axis == from.Length - 1
                    && Math.Min(from.Length, to.Length) >= 3
                    && Same(from[^1], to[^1])
                    && Same(from[^2], to[^2]):
                return to.Length - 1;
            default:
                return null;
        }
    }

    private static bool Same(Dim a, Dim b) => a == b || a.IsUnknown || b.IsUnknown;

    private static AttentionProduct? OfProduct(Node node, string value, int axis, int rank)
    {
        if (rank < 3)
        {
            return null;
        }

        switch (node.Op)
        {
            case "MatMul" or "FusedMatMul":
                var left = node.Inputs[0] == value;
                var transposed = node.Int(left ? "transA" : "transB") != 0;
                var summed = left != transposed ? rank - 1 : rank - 2;
                return axis != summed
                    ? null
                    : new AttentionProduct(
                        value,
                        [.. Enumerable.Range(0, rank - 2)],
                        axis == rank - 1 ? rank - 2 : rank - 1,
                        axis,
                        node.Output
                    );
            case "Einsum" when node.Inputs.Count == 2 && node.Inputs[0] != node.Inputs[1]:
                return OfEinsum(node, node.Inputs.IndexOf(value), axis, rank);
            default:
                return null;
        }
    }

    private static AttentionProduct? OfEinsum(Node node, int index, int axis, int rank)
    {
        if (EinsumTerms.Of(node.Text("equation"), [index == 0 ? rank : null, index == 1 ? rank : null]) is not { } terms)
        {
            return null;
        }

        var (own, other) = (terms.Operands[index], terms.Operands[1 - index]);
        if (
            own.Length != rank
            || terms.Result.Contains(own[axis], StringComparison.Ordinal)
            || !other.Contains(own[axis], StringComparison.Ordinal)
        )
        {
            return null;
        }

        var queries = Enumerable
            .Range(0, rank)
            .Where(i => terms.Result.Contains(own[i], StringComparison.Ordinal) && !other.Contains(own[i], StringComparison.Ordinal))
            .ToArray();
        return queries is not [var query]
            ? null
            : new AttentionProduct(
                node.Inputs[index],
                [.. Enumerable.Range(0, rank).Where(i => i != axis && i != query)],
                query,
                axis,
                node.Output
            );
    }
}
