using ExplainService.Graph.Building;
using ExplainService.Graph.Patterns;

namespace ExplainService.Graph.Rewrites;

/// <summary>
/// What an export with a key/value cache computes when the cache is empty: past keys and values of length zero are left out of the
/// concatenations, and the inputs that steer caching get the values that mean "none". What is left reads tokens, masks and positions, so
/// that gradients and attention maps see a plain decoder.
/// </summary>
public static class RemoveKvCache
{
    /// <summary>Rewrites in place; a graph without such inputs stays as it is.</summary>
    /// <exception cref="GraphFormatException">A cache input has no axis that could be its length.</exception>
    public static void Apply(ModelGraph graph)
    {
        var past = graph.Inputs.Where(IsPast).ToArray();
        var steering = graph.Inputs.Where(IsSteering).ToArray();
        if (past.Length + steering.Length == 0)
        {
            return;
        }

        var ids =
            graph.Inputs.Find(input => EmbeddingLookup.IsTokenIds(input.Name))
            ?? throw new GraphFormatException("The graph has a key/value cache but no token ids among its inputs.");

        var lengths = past.ToDictionary(input => input.Name, LengthAxis);
        // A cache of an encoder's keys is as long as the source, which other inputs have too: that symbol keeps its meaning.
        var others = graph.Inputs.Except(past).SelectMany(input => input.Dims ?? []).Select(dim => dim.Symbol).ToHashSet();
        var empty = past.Select(input => input.Dims![lengths[input.Name]].Symbol)
            .OfType<string>()
            .Where(symbol => !others.Contains(symbol))
            .Distinct()
            .ToDictionary(symbol => symbol, _ => (Dim)0);
        ReplaceDims.Apply(graph, empty);
        graph.Outputs.RemoveAll(output => output.Name.StartsWith("present", StringComparison.Ordinal));
        graph.Inputs.RemoveAll(input => lengths.ContainsKey(input.Name) || IsSteering(input));
        var tape = new Tape(graph);
        foreach (var input in past)
        {
            Empty(tape, input, lengths[input.Name], ids.Name);
        }

        foreach (var input in steering)
        {
            graph.ReplaceUses(input.Name, Steer(tape, input, ids.Name));
        }

        graph.Sort();
        graph.RemoveDead();
    }

    /// <summary>Whether exporters give this name to a cached key or value.</summary>
    public static bool IsPast(ValueInfo input) =>
        input.Type.IsFloating() && input.Name.StartsWith("past", StringComparison.Ordinal) && input.Dims?.Count >= 3;

    private static bool IsSteering(ValueInfo input) =>
        input.Name is "use_cache_branch" or "cache_position" or "num_logits_to_keep" or "logits_to_keep";

    // Optimum names the axis; other exporters leave it as the second open one: [batch, heads, past, size].
    private static int LengthAxis(ValueInfo input)
    {
        var axes = Enumerable.Range(0, input.Dims!.Count).ToArray();
        var named = Array.FindIndex(axes, axis => input.Dims[axis].Symbol?.Contains("past", StringComparison.Ordinal) == true);
        if (named >= 0)
        {
            return named;
        }

        var open = axes.Where(axis => input.Dims[axis].Value is null).ToArray();
        return open.Length == 2
            ? open[1]
            : throw new GraphFormatException($"The cache input '{input.Name}' has no axis that could be its length.");
    }

    private static void Empty(Tape tape, ValueInfo input, int axis, string ids)
    {
        foreach (var join in tape.Graph.Nodes.Where(node => node.Is("Concat") && node.Inputs.Contains(input.Name)).ToArray())
        {
            if (join.Int("axis") is var joined && (joined < 0 ? joined + input.Dims!.Count : joined) != axis)
            {
                continue;
            }

            join.Inputs.RemoveAll(name => name == input.Name);
            if (join.Inputs.Count > 1)
            {
                continue;
            }

            tape.Graph.Nodes.Remove(join);
            tape.Graph.ReplaceUses(join.Output, join.Inputs[0]);
        }

        // Whoever still asks for it (for its length, mostly) gets an empty tensor of the batch's size.
        Value[] dims =
        [
            .. input.Dims!.Select(
                (dim, i) =>
                    i == axis ? tape.List([0])
                    : dim.Value is { } size ? tape.List([size])
                    : tape[ids].Size(0)
            ),
        ];
        var empty = tape.Emit("ConstantOfShape", [tape.Concat(0, dims)]).Cast(input.Type);
        tape.Graph.ReplaceUses(input.Name, empty.Name);
    }

    private static string Steer(Tape tape, ValueInfo input, string ids) =>
        input.Name switch
        {
            "use_cache_branch" => tape.Constant<bool>([false], Fixed(input)).Name,
            "cache_position" => tape.Emit(
                "Range",
                tape.Scalar(0, ElementType.Int64),
                tape[ids].Shape().Gather(tape.Scalar(1, ElementType.Int64)),
                tape.Scalar(1, ElementType.Int64)
            ).Name,
            _ => tape.Constant<long>([0], Fixed(input)).Name,
        };

    private static long[] Fixed(ValueInfo input) => [.. (input.Dims ?? []).Select(_ => 1L)];
}
