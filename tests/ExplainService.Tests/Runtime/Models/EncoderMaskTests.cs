using ExplainService.Graph;
using Xunit;

namespace ExplainService.Tests.Runtime.Models;

/// <summary>The mask over the source is fed once, in whatever types the encoder and the decoder read it.</summary>
public sealed class EncoderMaskTests : IAsyncDisposable
{
    private const string Mask = "encoder_attention_mask";
    private readonly ModelFolders folders = new();

    public ValueTask DisposeAsync() => folders.DisposeAsync();

    [Theory]
    [InlineData("bart-s2s", "decoder_model.onnx", Mask)]
    [InlineData("bart-s2s", "encoder_model.onnx", "attention_mask")]
    [InlineData("t5-s2s", "decoder_model.onnx", Mask)]
    public async Task A_mask_of_numbers_gives_the_same_logits(string model, string file, string mask)
    {
        folders.Copy(model, "own");
        folders.Copy(model, "numbers");
        folders.EditGraph(
            "numbers",
            graph =>
            {
                var at = graph.Inputs.FindIndex(input => input.Name == mask);
                graph.ReplaceUses(mask, "as_integers");
                graph.Inputs[at] = graph.Inputs[at] with { Type = ElementType.Float };
                graph.Nodes.Insert(0, new Node("Cast", [mask], ["as_integers"]) { Attributes = { ["to"] = (long)ElementType.Int64 } });
            },
            file
        );
        Assert.Equal(await folders.LogitsAsync("own"), await folders.LogitsAsync("numbers"));
    }
}
