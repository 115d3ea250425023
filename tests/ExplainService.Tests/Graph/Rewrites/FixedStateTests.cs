using ExplainService.Graph;
using ExplainService.Graph.Building;
using ExplainService.Graph.Onnx;
using ExplainService.Graph.Rewrites;
using Xunit;

namespace ExplainService.Tests.Graph.Rewrites;

/// <summary>Caches that are states of a fixed size begin as zeros.</summary>
public sealed class FixedStateTests
{
    [Theory]
    [InlineData("past_conv.0")]
    [InlineData("past_key_values.0.conv_state")]
    [InlineData("ssm_states_3")]
    [InlineData("past_0")]
    public void A_state_of_a_fixed_size_is_zeros_of_the_batch(string name)
    {
        var graph = Joined(name, 3);
        RemoveKvCache.Apply(graph);
        Assert.Equal(["input_ids"], graph.Inputs.Select(input => input.Name));
        var (dims, values) = OnnxRun.Run(GraphSerializer.Serialize(graph), 2, 5)["logits"];
        Assert.Equal([2, 4, 8], dims);
        for (var line = 0; line < 8; line++)
        {
            Assert.Equal([0f, 0, 0], values[(line * 8)..((line * 8) + 3)]);
        }
    }

    /// <summary>Which of its places hold a token, nothing tells.</summary>
    [Theory]
    [InlineData("past_key_values.0.key")]
    [InlineData("past_value_3")]
    public void Keys_and_values_of_a_fixed_length_are_refused(string name)
    {
        var refusal = Assert.Throws<GraphFormatException>(() => RemoveKvCache.Apply(Joined(name, 3)));
        Assert.Contains($"'{name}' has no axis that could be its length", refusal.Message, StringComparison.Ordinal);
    }

    /// <summary>[batch, 4, size] before the tokens' [batch, 4, sequence].</summary>
    private static ModelGraph Joined(string name, long size)
    {
        var graph = new ModelGraph { Opsets = { [""] = 17 } };
        var tape = new Tape(graph);
        var ids = tape.Input("input_ids", ElementType.Int64, Dim.Of("batch"), Dim.Of("sequence"));
        var state = tape.Input(name, ElementType.Float, Dim.Of("batch"), 4, size);
        var tokens = tape.Constant<float>([.. Enumerable.Range(1, 400)], 100, 4).Gather(ids).Transpose(0, 2, 1);
        tape.Output(tape.Concat(2, state, tokens), "logits");
        return graph;
    }
}
