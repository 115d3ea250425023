using ExplainService.Graph.Building;

namespace ExplainService.Graph.Rewrites;

/// <summary>How the states of a text's tokens become one embedding of the text, as Sentence Transformers names them.</summary>
public enum PoolingMode
{
    /// <summary>The first token's.</summary>
    FirstToken,

    /// <summary>The last token's.</summary>
    LastToken,

    /// <summary>The mean over tokens.</summary>
    Mean,

    /// <summary>The sum over tokens by the root of their number.</summary>
    MeanSqrtLength,

    /// <summary>The mean over tokens, each weighted by its place (1 for the first).</summary>
    WeightedMean,

    /// <summary>The largest of every entry.</summary>
    Max,
}

/// <summary>Gives a graph that ends in the states of tokens [batch, sequence, size] an embedding of the text [batch, size] as its only output.</summary>
public static class PoolTokens
{
    private const string Output = "pooled_embedding";

    /// <summary>Pools an output; several modes are joined side by side.</summary>
    /// <param name="graph">The graph, in current operators; edited.</param>
    /// <param name="states">Its output of token states.</param>
    /// <param name="modes">How; at least one.</param>
    public static void Apply(ModelGraph graph, string states, IReadOnlyList<PoolingMode> modes)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(modes);
        var tape = new Tape(graph);
        var tokens = tape[states].Cast(ElementType.Float);
        var mask = Mask(tape);
        Value[] pooled = [.. modes.Select(mode => Pool(tokens, mask, mode))];
        graph.Outputs.Clear();
        tape.Output(tape.Concat(1, pooled), graph.Unique(Output));
    }

    /// <summary>1 for tokens, 0 for padding, int64 [batch, sequence]: the graph's own input, or one that is filled in the same way.</summary>
    private static Value Mask(Tape tape)
    {
        const string Suffix = "attention_mask";
        var own = tape.Graph.Inputs.Find(input => input.Name.EndsWith(Suffix, StringComparison.Ordinal) && input.Dims?.Count == 2);
        return own is not null
            ? tape[own.Name].Cast(ElementType.Int64)
            : tape.Input(tape.Graph.Unique("pooling") + "_" + Suffix, ElementType.Int64, Dim.Of("batch"), Dim.Of("sequence"));
    }

    private static Value Pool(Value tokens, Value mask, PoolingMode mode)
    {
        var tape = tokens.Tape;
        var attended = mask.Cast(ElementType.Float).Unsqueeze(2);
        switch (mode)
        {
            case PoolingMode.FirstToken:
                return tokens.Slice(1, 0, 1).Squeeze(1);
            case PoolingMode.LastToken:
                var last = mask.ReduceSum([1]) - 1;
                return tape.Emit("GatherND", [tokens, last], ("batch_dims", 1L));
            case PoolingMode.Max:
                return (tokens * attended + (attended - 1) * 1e9).ReduceMax([1], keepdims: false);
            case PoolingMode.MeanSqrtLength:
                return (tokens * attended).ReduceSum([1], keepdims: false) / attended.ReduceSum([1], keepdims: false).Sqrt();
            case PoolingMode.WeightedMean:
                var places = tape.Emit("CumSum", attended, tape.Scalar(1, ElementType.Int64));
                return Mean(tokens, places * attended);
            default:
                return Mean(tokens, attended);
        }
    }

    private static Value Mean(Value tokens, Value weights) =>
        (tokens * weights).ReduceSum([1], keepdims: false) / weights.ReduceSum([1], keepdims: false);
}
