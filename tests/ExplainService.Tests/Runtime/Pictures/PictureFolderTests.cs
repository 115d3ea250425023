using ExplainService.Goldens;
using ExplainService.Graph;
using ExplainService.Graph.Building;
using ExplainService.Graph.Onnx;
using ExplainService.Runtime;
using ExplainService.Tests.Runtime.Models;
using Xunit;

namespace ExplainService.Tests.Runtime.Pictures;

/// <summary>Folders of models of pictures that cannot be served say why.</summary>
public sealed class PictureFolderTests : IAsyncDisposable
{
    private readonly ModelFolders folders = new();

    [Fact]
    public async Task A_processor_that_is_unknown_is_refused_by_name()
    {
        Copy("vit");
        folders.Edit("vit", "preprocessor_config.json", "ViTImageProcessor", "OwnImageProcessor");
        Assert.Contains("OwnImageProcessor", await RefusedAsync("vit"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pictures_that_the_graph_has_no_positions_for_are_refused()
    {
        Copy("vit");
        folders.Edit("vit", "preprocessor_config.json", "\"height\": 32", "\"height\": 48");
        await RefusedAsync("vit");
    }

    [Fact]
    public async Task Without_a_processor_nobody_knows_the_pixels()
    {
        Copy("vit");
        File.Delete(folders.PathOf("vit", "preprocessor_config.json"));
        Assert.Contains("tokenizer", await RefusedAsync("vit"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_model_of_texts_needs_its_tokenizer_whatever_else_is_there()
    {
        folders.Copy("bert-cls", "bert");
        foreach (var name in new[] { "tokenizer.json", "vocab.txt" })
        {
            File.Delete(folders.PathOf("bert", name));
        }

        File.Copy(
            ReferenceData.PathOf("vision", "vit-cls", "preprocessor_config.json"),
            folders.PathOf("bert", "preprocessor_config.json")
        );
        await RefusedAsync("bert");
    }

    [Fact]
    public async Task A_graph_of_pictures_and_texts_is_refused_rather_than_fed_one_for_the_other()
    {
        Copy("clip");
        var graph = new ModelGraph { Opsets = { [""] = 18 } };
        var tape = new Tape(graph);
        var pixels = tape.Input("pixel_values", ElementType.Float, Dim.Of("images"), 3, 32, 32);
        var ids = tape.Input("input_ids", ElementType.Int64, Dim.Of("texts"), Dim.Of("tokens"));
        tape.Output(
            tape.Emit("GlobalAveragePool", pixels).Reshape(0, -1).ReduceSum([1])
                + ids.Cast(ElementType.Float).ReduceSum([1]).Transpose(1, 0),
            "logits_per_image"
        );
        File.WriteAllBytes(folders.PathOf("clip", "model.onnx"), GraphSerializer.Serialize(graph));
        Assert.Contains("input_ids", await RefusedAsync("clip"), StringComparison.Ordinal);
    }

    public ValueTask DisposeAsync() => folders.DisposeAsync();

    private void Copy(string name)
    {
        var folder = Directory.CreateDirectory(folders.PathOf(name)).FullName;
        foreach (var file in new[] { "config.json", "preprocessor_config.json", "model.onnx" })
        {
            File.Copy(ReferenceData.PathOf("vision", "vit-cls", file), Path.Combine(folder, file));
        }
    }

    private async Task<string> RefusedAsync(string name) =>
        (
            await Assert.ThrowsAsync<ModelNotUsableException>(async () => await folders.Registry.GetAsync(name, CancellationToken.None))
        ).Message;
}
