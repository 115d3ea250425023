using System.Text;
using ExplainService.Graph.Onnx;
using ExplainService.Runtime;
using Google.Protobuf;
using Xunit;

namespace ExplainService.Tests.Runtime.Models;

/// <summary>
/// What failed downloads leave behind is listed as broken before anybody asks for an explanation, and in the words of its use.
/// </summary>
public sealed class FailedDownloadTests : IAsyncDisposable
{
    private const string Pointer =
        "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\nsize 12345\n";

    private readonly ModelFolders folders = new();

    public FailedDownloadTests() => folders.Copy("bert-cls", "bad");

    public ValueTask DisposeAsync() => folders.DisposeAsync();

    [Theory]
    [InlineData("model.onnx", "", "model.onnx is empty")]
    [InlineData("model.onnx", Pointer, "model.onnx is a pointer of Git LFS")]
    [InlineData("model.onnx", "<!DOCTYPE html><html>404</html>", "model.onnx is a web page")]
    [InlineData("model.onnx", "Entry not found", "'model.onnx' is not an ONNX model or is cut short")]
    [InlineData("model.onnx", "\u0008\u0008", "'model.onnx' is not an ONNX model or is cut short")]
    [InlineData("tokenizer.json", "", "tokenizer.json is empty")]
    [InlineData("tokenizer.json", Pointer, "tokenizer.json is a pointer of Git LFS")]
    [InlineData("tokenizer.json", "{\"model\": {", "tokenizer.json is not valid JSON")]
    public Task A_file_of_something_else(string file, string content, string reason) =>
        IsBrokenAsync(() => File.WriteAllText(folders.PathOf("bad", file), content), reason);

    [Fact]
    public Task A_graph_without_its_last_byte_is_broken() =>
        IsBrokenAsync(
            () => File.WriteAllBytes(folders.PathOf("bad", "model.onnx"), File.ReadAllBytes(folders.PathOf("bad", "model.onnx"))[..^1]),
            "cut short"
        );

    [Fact]
    public Task A_vocabulary_without_a_word_is_broken() =>
        IsBrokenAsync(
            () =>
            {
                File.Delete(folders.PathOf("bad", "tokenizer.json"));
                File.WriteAllText(folders.PathOf("bad", "vocab.txt"), "");
            },
            "vocab.txt is empty"
        );

    [Theory]
    [InlineData(null, "which is missing")]
    [InlineData("abc", "which has 3: the file is cut short")]
    public Task Weights_beside_the_graph(string? content, string reason) =>
        IsBrokenAsync(
            () =>
            {
                folders.Externalise("bad", "model.onnx_data");
                File.Delete(folders.PathOf("bad", "model.onnx_data"));
                if (content is not null)
                {
                    File.WriteAllText(folders.PathOf("bad", "model.onnx_data"), content, Encoding.ASCII);
                }
            },
            reason
        );

    [Fact]
    public Task Cut_weights_whose_length_only_their_shape_tells_are_broken() =>
        IsBrokenAsync(
            () =>
            {
                folders.Externalise("bad", "model.onnx_data");
                var model = ModelProto.Parser.ParseFrom(File.ReadAllBytes(folders.PathOf("bad", "model.onnx")));
                foreach (var tensor in model.Graph.Initializer)
                {
                    foreach (var field in tensor.ExternalData.Where(field => field.Key == "length").ToList())
                    {
                        tensor.ExternalData.Remove(field);
                    }
                }

                File.WriteAllBytes(folders.PathOf("bad", "model.onnx"), model.ToByteArray());
                File.WriteAllBytes(
                    folders.PathOf("bad", "model.onnx_data"),
                    File.ReadAllBytes(folders.PathOf("bad", "model.onnx_data"))[..^1]
                );
            },
            "the file is cut short"
        );

    private async Task IsBrokenAsync(Action damage, string reason)
    {
        Assert.Equal(ModelState.Available, folders.Registry.Find("bad").State);
        damage();
        var listed = Assert.Single(folders.Registry.List());
        Assert.Equal(ModelState.Broken, listed.State);
        Assert.Contains(reason, listed.Error, StringComparison.Ordinal);
        Assert.Equal(listed.Error, (await Assert.ThrowsAsync<ModelNotUsableException>(() => folders.LogitsAsync("bad"))).Message);
    }
}
