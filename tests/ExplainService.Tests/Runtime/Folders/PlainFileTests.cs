using System.Diagnostics;
using ExplainService.Runtime;
using ExplainService.Tests.Runtime.Models;
using Xunit;

namespace ExplainService.Tests.Runtime.Folders;

/// <summary>Only plain files are opened: a pipe would be waited for, a device never ends. The others are refused by their names.</summary>
public sealed class PlainFileTests : IAsyncDisposable
{
    private readonly ModelFolders folders = new();

    public ValueTask DisposeAsync() => folders.DisposeAsync();

    public static TheoryData<string> Files => ["config.json", "model.onnx", "tokenizer.json", "weights", "special_tokens_map.json"];

    [Theory]
    [MemberData(nameof(Files))]
    public Task A_pipe_is_refused(string file) =>
        IsRefusedAsync(
            file,
            path =>
            {
                using var made = Process.Start("mkfifo", [path]);
                made.WaitForExit();
            },
            "is a pipe"
        );

    [Theory]
    [MemberData(nameof(Files))]
    public Task A_link_to_a_device_is_refused(string file) =>
        IsRefusedAsync(file, path => File.CreateSymbolicLink(path, "/dev/zero"), "is a device");

    [Theory]
    [InlineData("config.json", (16L << 20) + 1)]
    [InlineData("tokenizer_config.json", 1L << 33)]
    [InlineData("tokenizer.json", 1L << 33)]
    public Task Settings_of_no_end_are_refused(string file, long bytes) =>
        IsRefusedAsync(
            file,
            path =>
            {
                using var sparse = File.Create(path);
                sparse.SetLength(bytes);
            },
            $"has {bytes} bytes"
        );

    [Fact]
    public async Task A_graph_of_nothing_but_zeros_is_not_walked_through()
    {
        folders.Copy("bert-cls", "odd");
        using (var sparse = File.Create(folders.PathOf("odd", "model.onnx")))
        {
            sparse.SetLength(1L << 33);
        }

        Assert.Contains("is not an ONNX model", folders.Registry.Find("odd").Error, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ModelNotUsableException>(() => folders.LogitsAsync("odd"));
    }

    private async Task IsRefusedAsync(string file, Action<string> make, string reason)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux is asked what a file is.");
        folders.Copy("bert-cls", "odd");
        folders.Externalise("odd", "weights");
        File.Delete(folders.PathOf("odd", file));
        make(folders.PathOf("odd", file));
        var listed = Assert.Single(folders.Registry.List());
        Assert.Equal(ModelState.Broken, listed.State);
        Assert.Contains(reason, listed.Error, StringComparison.Ordinal);
        Assert.Contains(file, listed.Error, StringComparison.Ordinal);
        Assert.Equal(listed.Error, (await Assert.ThrowsAsync<ModelNotUsableException>(() => folders.LogitsAsync("odd"))).Message);
    }
}
