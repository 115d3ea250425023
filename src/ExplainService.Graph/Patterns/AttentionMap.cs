using ExplainService.Graph.Building;
using ExplainService.Graph.Shapes;

namespace ExplainService.Graph.Patterns;

/// <summary>Whose attention to whom.</summary>
public enum AttentionRole
{
    /// <summary>Self-attention of the encoder, or of a decoder-only model.</summary>
    Self,

    /// <summary>Self-attention of a seq2seq decoder.</summary>
    Decoder,

    /// <summary>A seq2seq decoder's attention to the encoder.</summary>
    Cross,
}

/// <summary>An attention softmax: a value of the graph that multiplies the values, [batch, heads, queries, keys] once arranged.</summary>
/// <param name="Output">The map as it enters the product with the values, in the graph's own layout.</param>
/// <param name="Role">Whose attention to whom.</param>
/// <param name="Heads">Number of heads, where the graph tells.</param>
public sealed record AttentionMap(string Output, AttentionRole Role, int? Heads)
{
    private int[] Axes => [.. Product.Leading, Product.Query, Product.Key];

    /// <summary>The product with the values.</summary>
    public required AttentionProduct Product { get; init; }

    /// <summary>The maps of a graph, from the first layer to the last.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="shapes">What is known of its values.</param>
    /// <param name="lookups">Where its texts come in.</param>
    /// <param name="patches">Where its pictures do.</param>
    public static IReadOnlyList<AttentionMap> Find(
        ModelGraph graph,
        InferredShapes shapes,
        IReadOnlyList<EmbeddingLookup> lookups,
        PatchLayout? patches = null
    )
    {
        var consumers = graph.Consumers();
        var producers = graph.Producers();
        var roles = new AttentionRoles(graph, producers, lookups);
        var lengths = lookups
            .Select(lookup => graph.Inputs.Find(input => input.Name == lookup.Ids)?.Dims)
            .Where(dims => dims?.Count == 2)
            .Select(dims => dims![1])
            .Concat(patches is null ? [] : [(Dim)patches.Sequence])
            .ToArray();
        var found = new List<AttentionMap>();
        foreach (var node in graph.Nodes)
        {
            if (Probabilities.AxisOf(node, shapes, producers) is not { } axis)
            {
                continue;
            }

            if (AttentionProduct.Find(node.Output, axis, shapes, consumers) is not { } product || product.Leading.Length > 3)
            {
                continue;
            }

            var dims = shapes[product.Map].Dims!;
            // A softmax over a fixed number of things (taps of a convolution, experts), or one that pools, is no attention between tokens.
            if (dims[product.Query].Value == 1 || (dims[product.Key].Value is not null && !lengths.Contains(dims[product.Key])))
            {
                continue;
            }

            var heads = HeadCount(graph, shapes, consumers, product, dims);
            if (product.Leading.Length == 1 && heads is null)
            {
                continue;
            }

            found.Add(new AttentionMap(product.Map, roles.Of(node), heads) { Product = product });
        }

        return found;
    }

    /// <summary>Tokens of the first softmax over as many keys as queries that multiplies values; null: there is none.</summary>
    internal static long? WindowOf(ModelGraph graph, InferredShapes shapes)
    {
        var (consumers, producers) = (graph.Consumers(), graph.Producers());
        foreach (var node in graph.Nodes)
        {
            if (
                Probabilities.AxisOf(node, shapes, producers) is { } axis
                && AttentionProduct.Find(node.Output, axis, shapes, consumers) is { } product
                && shapes[product.Map].Dims is { } dims
                && dims[product.Key].Value is > 1 and var keys
                && dims[product.Query].Value == keys
            )
            {
                return keys;
            }
        }

        return null;
    }

    /// <summary>The map, or something of its shape, as [batch, heads, queries, keys].</summary>
    public Value Arrange(Value map) => Arrange(map, Axes);

    /// <summary>What the heads give out, before the matrix that joins them, or something of its shape: [batch, heads, queries, channels].</summary>
    public Value ArrangeOutputs(Value outputs) => Arrange(outputs, AxesOf(Product.Output));

    /// <summary>The values that the weights multiply, [batch, heads, keys, channels].</summary>
    /// <exception cref="NotSupportedException">They are not laid out by heads.</exception>
    public Value ArrangeValues(Value values)
    {
        var axes = AxesOf(Product.Values);
        return axes.Length == 5 || !IsPermutation(axes, values.Rank)
            ? throw new NotSupportedException(
                "The values of its attention are shared by heads in a way that this service does not take apart."
            )
            : Arrange(values, axes);
    }

    /// <summary>Numbers [batch, heads, 1, 1 or channels] in the layout of what the heads give out, to broadcast with it.</summary>
    /// <param name="perHead">The numbers.</param>
    /// <param name="outputs">What the heads give out, for its sizes.</param>
    public Value SpreadOverOutputs(Value perHead, Value outputs) => Spread(perHead, Product.Output, outputs);

    /// <summary>Numbers [batch, 1, keys, 1] in the layout of the values, to broadcast with them.</summary>
    /// <exception cref="NotSupportedException">The values are not laid out by heads.</exception>
    public Value SpreadOverValues(Value perKey)
    {
        var (tape, axes) = (perKey.Tape, AxesOf(Product.Values));
        if (!IsPermutation(axes, tape[Product.Values.Name].Rank))
        {
            throw new NotSupportedException("The values of its attention are laid out in a way that this service does not know.");
        }

        // Heads that are folded into the batch are spelt out; those of groups all take the same.
        return axes.Length switch
        {
            3 => Spread(
                perKey * tape.Constant<float>([.. Enumerable.Repeat(1f, Heads!.Value)], 1, Heads.Value, 1, 1),
                Product.Values,
                null
            ),
            5 => Ordered(perKey.Unsqueeze(1), axes),
            _ => Spread(perKey, Product.Values, null),
        };
    }

    private static int[] AxesOf(AttentionProduct.Operand operand) => [.. operand.Leading, operand.Position, operand.Channel];

    private static bool IsPermutation(int[] axes, int? rank) =>
        rank == axes.Length && axes.Order().SequenceEqual(Enumerable.Range(0, axes.Length));

    private static Value Spread(Value numbers, AttentionProduct.Operand operand, Value? like)
    {
        var (tape, axes) = (numbers.Tape, AxesOf(operand));
        if (axes.Length != 4)
        {
            var sizes = numbers.Shape().Slice(0, 2, 4);
            var leading =
                axes.Length == 3 ? tape.List([-1]) : like!.Shape().Gather(tape.List([.. operand.Leading.Select(axis => (long)axis)]));
            numbers = numbers.Reshape(tape.Concat(0, leading, sizes));
        }

        return Ordered(numbers, axes);
    }

    private static Value Ordered(Value numbers, int[] axes) =>
        IsInOrder(axes)
            ? numbers
            : numbers.Transpose([.. Enumerable.Range(0, axes.Length).Select(axis => (long)Array.IndexOf(axes, axis))]);

    private static bool IsInOrder(int[] axes) => axes.SequenceEqual(Enumerable.Range(0, axes.Length));

    private Value Arrange(Value value, int[] axes)
    {
        if (!IsInOrder(axes))
        {
            value = value.Transpose([.. axes.Select(axis => (long)axis)]);
        }

        if (axes.Length == 4)
        {
            return value;
        }

        var (tape, shape) = (value.Tape, value.Shape());
        var sizes = shape.Slice(0, axes.Length - 2, axes.Length);
        return value.Reshape(
            axes.Length == 3
                ? tape.Concat(0, tape.List([-1, Heads!.Value]), sizes)
                : tape.Concat(0, shape.Slice(0, 0, 1), tape.List([-1]), sizes)
        );
    }

    private static int? HeadCount(
        ModelGraph graph,
        InferredShapes shapes,
        ILookup<string, Node> consumers,
        AttentionProduct product,
        Dim[] dims
    )
    {
        switch (product.Leading)
        {
            case [_, var heads]:
                return (int?)dims[heads].Value;
            case [_, var groups, var members]:
                return (int?)(dims[groups] * dims[members]).Value;
            default:
                // [batch · heads, queries, keys]: the batch is in the inputs, or the result is taken apart again.
                var folded = dims[product.Leading[0]];
                var batches = graph.Inputs.Where(input => input.Dims?.Count > 0).Select(input => input.Dims![0]).Distinct();
                var told = batches.Select(batch => (folded / batch).Value).FirstOrDefault(count => count is not null);
                var apart = consumers[product.Output.Name]
                    .Where(reader => reader.Is("Reshape") && shapes[reader.Output].Rank == 4)
                    .Select(reader => shapes[reader.Output].Dims![1].Value)
                    .FirstOrDefault(count => count is not null);
                return (int?)(told ?? apart);
        }
    }
}
