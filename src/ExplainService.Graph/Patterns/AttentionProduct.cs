using ExplainService.Graph.Shapes;

namespace ExplainService.Graph.Patterns;

/// <summary>Where probabilities multiply values, and what their axes mean there.</summary>
/// <param name="Map">The probabilities as they enter the product, or as they last were with one axis a head.</param>
/// <param name="Leading">Axes before queries and keys: batch and heads, in order; one that holds both; or three, heads in groups.</param>
/// <param name="Query">The axis of the queries.</param>
/// <param name="Key">The axis of the keys, which the product sums over.</param>
public sealed record AttentionProduct(string Map, int[] Leading, int Query, int Key)
{
    /// <summary>The other operand: the values.</summary>
    public required Operand Values { get; init; }

    /// <summary>The product. Its axes: those before queries and channels in the order of <see cref="Leading"/>, queries, channels.</summary>
    public required Operand Output { get; init; }

    /// <summary>A tensor of the product with heads, positions and channels.</summary>
    /// <param name="Name">Its name.</param>
    /// <param name="Leading">Axes of batch and heads, as the map's.</param>
    /// <param name="Position">The axis of the positions: keys of the values, queries of the result.</param>
    /// <param name="Channel">The axis of a head's channels.</param>
    public sealed record Operand(string Name, int[] Leading, int Position, int Channel);

    /// <summary>
    /// Follows what leaves every weight as it is to a product that sums over <paramref name="axis"/>; null: there is none.
    /// </summary>
    internal static AttentionProduct? Find(string value, int axis, InferredShapes shapes, ILookup<string, Node> consumers) =>
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
                if (axis != summed)
                {
                    return null;
                }

                int[] leading = [.. Enumerable.Range(0, rank - 2)];
                // The values' keys are summed over too; the result has its rows from the left operand.
                var keys = left == (node.Int(left ? "transB" : "transA") == 0) ? rank - 2 : rank - 1;
                return new AttentionProduct(value, leading, axis == rank - 1 ? rank - 2 : rank - 1, axis)
                {
                    Values = new Operand(node.Inputs[left ? 1 : 0], leading, keys, (2 * rank) - 3 - keys),
                    Output = new Operand(node.Output, leading, left ? rank - 2 : rank - 1, left ? rank - 1 : rank - 2),
                };
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
        var channels = terms.Result.Where(letter => !own.Contains(letter, StringComparison.Ordinal)).ToArray();
        if (queries is not [var query] || channels is not [var channel])
        {
            return null;
        }

        int[] leading = [.. Enumerable.Range(0, rank).Where(i => i != axis && i != query)];
        Operand Of(string name, string letters, char position) =>
            new(
                name,
                [.. leading.Select(i => letters.IndexOf(own[i], StringComparison.Ordinal))],
                letters.IndexOf(position, StringComparison.Ordinal),
                letters.IndexOf(channel, StringComparison.Ordinal)
            );
        return new AttentionProduct(node.Inputs[index], leading, query, axis)
        {
            Values = Of(node.Inputs[1 - index], other, own[axis]),
            Output = Of(node.Output, terms.Result, own[query]),
        };
    }
}
