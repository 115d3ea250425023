using System.Runtime.Versioning;
using System.Text;
using ExplainService.Runtime;
using ExplainService.Runtime.Folders;
using ExplainService.Testing;
using Xunit;

namespace ExplainService.Tests.Runtime.Models;

/// <summary>What is listed of folders in any state: one that nobody can read says so, and takes no other with it.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class FolderStateTests : IAsyncDisposable
{
    private readonly ModelFolders folders = new();

    public FolderStateTests() => folders.Copy("bert-cls", "good");

    public ValueTask DisposeAsync() => folders.DisposeAsync();

    [Theory]
    [InlineData("{\"id2label\": {\"0\": \"m\u00e4\u00dfig\"}}", "not encoded in UTF-8")]
    [InlineData("{\"architectures\": [\"\\ud800\"]}", "half a character")]
    [InlineData("{\"\\udc00\": 1}", "half a character")]
    public async Task Text_that_is_none_in_a_configuration_breaks_its_model_only(string config, string reason)
    {
        folders.Copy("bert-cls", "bad");
        await File.WriteAllBytesAsync(folders.PathOf("bad", "config.json"), Encoding.Latin1.GetBytes(config));
        var (bad, good) = (folders.Registry.List()[0], folders.Registry.List()[1]);
        Assert.Equal((ModelState.Broken, ModelState.Available), (bad.State, good.State));
        Assert.Contains(reason, bad.Error, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ModelNotUsableException>(() => folders.LogitsAsync("bad"));
    }

    [Fact]
    public void A_byte_order_mark_before_a_configuration_is_not_part_of_it()
    {
        var path = folders.PathOf("good", "config.json");
        File.WriteAllBytes(path, [.. Encoding.UTF8.Preamble, .. File.ReadAllBytes(path)]);
        Assert.Equal(ModelTask.TextClassification, folders.Registry.Find("good").Task);
    }

    [Theory]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("/")]
    public async Task Links_to_folders_lead_nowhere(string target)
    {
        foreach (var name in new[] { "a", "b", "c", "d" })
        {
            Directory.CreateSymbolicLink(folders.PathOf("good", name), target);
        }

        await Task.Run(() => FolderStamp.Of(folders.PathOf("good"))).WaitAsync(Patience.Ample);
        Assert.Equal(3, (await folders.LogitsAsync("good")).Length);
    }

    [Fact]
    public async Task A_folder_of_links_as_a_download_cache_has_it_answers_as_the_files_do()
    {
        folders.Copy("bert-cls", "cache");
        Directory.CreateDirectory(folders.PathOf(".blobs"));
        foreach (var file in Directory.GetFiles(folders.PathOf("cache")))
        {
            File.Move(file, folders.PathOf(".blobs", Path.GetFileName(file)));
            File.CreateSymbolicLink(file, "../.blobs/" + Path.GetFileName(file));
        }

        Assert.Equal(await folders.LogitsAsync("good"), await folders.LogitsAsync("cache"));
        Assert.Equal(folders.Registry.Find("good").Bytes, folders.Registry.Find("cache").Bytes);

        var before = FolderStamp.Of(folders.PathOf("cache"));
        await File.AppendAllTextAsync(folders.PathOf(".blobs", "config.json"), " ");
        Assert.NotEqual(before, FolderStamp.Of(folders.PathOf("cache")));
    }

    [Fact]
    public void A_configuration_that_is_a_directory_is_said_not_to_be_readable()
    {
        folders.Copy("bert-cls", "bad");
        File.Delete(folders.PathOf("bad", "config.json"));
        Directory.CreateDirectory(folders.PathOf("bad", "config.json"));
        Assert.Equal("config.json cannot be read.", folders.Registry.Find("bad").Error);
    }

    [Theory]
    [InlineData("")]
    [InlineData("config.json")]
    [InlineData("model.onnx")]
    [InlineData("tokenizer.json")]
    public async Task What_may_not_be_read_is_named_without_the_servers_paths_and_read_once_it_may(string part)
    {
        Assert.SkipWhen(Environment.IsPrivilegedProcess, "Root may read everything.");
        folders.Copy("bert-cls", "closed");
        var path = folders.PathOf("closed", part).TrimEnd('/');
        var mode = File.GetUnixFileMode(path);
        File.SetUnixFileMode(path, UnixFileMode.None);
        var refused = await Assert.ThrowsAsync<ModelNotUsableException>(() => folders.LogitsAsync("closed"));
        Assert.Contains("denied", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(folders.Root, refused.Message, StringComparison.Ordinal);
        Assert.Equal(ModelState.Broken, folders.Registry.Find("closed").State);

        File.SetUnixFileMode(path, mode);
        Assert.Equal(ModelState.Available, folders.Registry.Find("closed").State);
        Assert.Equal(3, (await folders.LogitsAsync("closed")).Length);
    }

    [Fact]
    public async Task A_folder_inside_that_may_not_be_read_is_none_of_the_model()
    {
        Assert.SkipWhen(Environment.IsPrivilegedProcess, "Root may read everything.");
        var inner = Directory.CreateDirectory(folders.PathOf("good", "private"), UnixFileMode.None);
        Assert.Equal(3, (await folders.LogitsAsync("good")).Length);
        Assert.Equal(ModelState.Loaded, folders.Registry.Find("good").State);
        inner.UnixFileMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    }
}
