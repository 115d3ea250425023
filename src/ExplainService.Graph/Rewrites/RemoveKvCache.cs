using System.Text.RegularExpressions;
using ExplainService.Graph.Building;
using ExplainService.Graph.Patterns;

namespace ExplainService.Graph.Rewrites;

/// <summary>
/// What an export with a key/value cache computes when the cache is empty: past keys and values of length zero are left out of the
/// concatenations, states of a fixed size (convolutions, recurrences) are the zeros that they begin with, and the inputs that steer caching
/// get the values that mean "none". What is left reads tokens, masks and positions, so that gradients and attention maps see a plain decoder.
/// </summary>
public static partial class RemoveKvCache
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

        var lengths = past.Where(input => !IsFixedState(input)).ToDictionary(input => input.Name, LengthAxis);
        // A cache of an encoder's keys is as long as the source, which other inputs have too: that symbol keeps its meaning.
        var others = graph.Inputs.Except(past).SelectMany(input => input.Dims ?? []).Select(dim => dim.Symbol).ToHashSet();
        var empty = past.Where(input => lengths.ContainsKey(input.Name))
            .Select(input => input.Dims![lengths[input.Name]].Symbol)
            .OfType<string>()
            .Where(symbol => !others.Contains(symbol))
            .Distinct()
            .ToDictionary(symbol => symbol, _ => (Dim)0);
        ReplaceDims.Apply(graph, empty);
        graph.Outputs.RemoveAll(output => output.Name.StartsWith("present", StringComparison.Ordinal));
        var gone = past.Concat(steering).Select(input => input.Name).ToHashSet();
        graph.Inputs.RemoveAll(input => gone.Contains(input.Name));
        LeaveOutOfJoins(graph, past.Where(input => lengths.ContainsKey(input.Name)).ToDictionary(input => input.Name), lengths);
        var tape = new Tape(graph);
        var replacements = new Dictionary<string, string>();
        foreach (var input in past)
        {
            replacements[input.Name] = Zeros(tape, input, lengths.GetValueOrDefault(input.Name, -1), ids.Name);
        }

        foreach (var input in steering)
        {
            replacements[input.Name] = Steer(tape, input, ids.Name);
        }

        graph.ReplaceUses(replacements);
        graph.Sort();
        graph.RemoveDead();
    }

    /// <summary>Whether exporters give this name to a cached key, value or state.</summary>
    public static bool IsPast(ValueInfo input) =>
        input.Type.IsFloating() && ((StartsWithPast(input.Name) && input.Dims?.Count >= 3) || IsFixedState(input));

    /// <summary>
    /// What an operator keeps of the tokens before, however many they were: only the batch is open. Keys and values of a fixed length are no
    /// such thing: which of their places hold a token is told by a mask of the exporter's own.
    /// </summary>
    private static bool IsFixedState(ValueInfo input) =>
        (StateNames().IsMatch(input.Name) || (StartsWithPast(input.Name) && !KeyOrValue().IsMatch(input.Name)))
        && !input.Name.Contains("hidden", StringComparison.Ordinal)
        && input.Dims?.Count >= 2
        && input.Dims.Skip(1).All(dim => dim.Value is not null);

    private static bool StartsWithPast(string name) => name.StartsWith("past", StringComparison.Ordinal);

    /// <summary>As conv_states.0, ssm_state_1, past_key_values.2.recurrent_state, state0.</summary>
    [GeneratedRegex(@"(^|[._])(conv|ssm|rnn|wkv|recurrent|states?)([._]|\d|$)")]
    private static partial Regex StateNames();

    /// <summary>As past_key_values.0.key, past_value_3.</summary>
    [GeneratedRegex(@"(^|[._])(keys?|values?|k|v)([._]?\d+)?$")]
    private static partial Regex KeyOrValue();

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

    /// <summary>Concatenations along the cache's length lose it; those that have one part left are that part.</summary>
    private static void LeaveOutOfJoins(ModelGraph graph, Dictionary<string, ValueInfo> past, Dictionary<string, int> lengths)
    {
        var replacements = new Dictionary<string, string>();
        foreach (var join in graph.Nodes.Where(node => node.Is("Concat")))
        {
            var joined = join.Int("axis");
            bool IsEmpty(string name) =>
                past.TryGetValue(name, out var input) && (joined < 0 ? joined + input.Dims!.Count : joined) == lengths[name];
            if (!join.Inputs.Exists(IsEmpty) || join.Inputs.TrueForAll(IsEmpty))
            {
                continue;
            }

            join.Inputs.RemoveAll(IsEmpty);
            if (join.Inputs.Count == 1)
            {
                replacements[join.Output] = join.Inputs[0];
            }
        }

        graph.Nodes.RemoveAll(node => node.Is("Concat") && replacements.ContainsKey(node.Output));
        graph.ReplaceUses(replacements);
    }

    /// <summary>
    /// What whoever still asks for a cache gets (for its length, mostly): an empty tensor of the batch's size; of a state, zeros.
    /// </summary>
    private static string Zeros(Tape tape, ValueInfo input, int length, string ids)
    {
        Value[] dims =
        [
            .. input.Dims!.Select(
                (dim, i) =>
                    i == length ? tape.List([0])
                    : dim.Value is { } size ? tape.List([size])
                    : tape[ids].Size(0)
            ),
        ];
        return tape.Emit("ConstantOfShape", [tape.Concat(0, dims)]).Cast(input.Type).Name;
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
