using System.Diagnostics;
using System.Runtime.Versioning;
using ExplainService.Runtime;
using ExplainService.Runtime.Models;
using ExplainService.Runtime.Sessions;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace ExplainService.Tests.Runtime.Models;

/// <summary>The models' directory, or a folder of it, is away or closed for a moment: what is in memory answers as before.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class DirectoryStateTests : IAsyncDisposable
{
    private readonly ModelFolders folders = new();

    public DirectoryStateTests() => folders.Copy("bert-cls", "one");

    private static CancellationToken None => CancellationToken.None;

    public ValueTask DisposeAsync() => folders.DisposeAsync();

    [Fact]
    public async Task A_loaded_model_whose_folder_is_away_answers_until_it_is_unloaded()
    {
        folders.Copy("bert-cls", "two");
        var model = await folders.Registry.GetAsync("one", None);

        Directory.Move(folders.PathOf("one"), folders.PathOf(".one.old"));
        Assert.Same(model, await folders.Registry.GetAsync("one", None));
        Assert.Equal(["one", "two"], folders.Registry.List().Select(entry => entry.Name));
        Assert.Null(folders.Registry.Default);
        Assert.Contains("unload it", Assert.Single(folders.Registry.Find("one").Warnings).Text, StringComparison.Ordinal);

        await folders.Registry.UnloadAsync("one", None);
        await Assert.ThrowsAsync<ModelNotFoundException>(async () => await folders.Registry.GetAsync("one", None));
        Assert.Equal("two", folders.Registry.Default);
    }

    [Fact]
    public async Task A_link_to_a_version_is_exchanged_at_once_and_taken_at_the_next_load()
    {
        Directory.Move(folders.PathOf("one"), folders.PathOf(".one-1"));
        Directory.CreateSymbolicLink(folders.PathOf("one"), ".one-1");
        var before = await folders.Registry.LoadAsync("one", None);
        folders.Copy("bert-cls", ".one-2");
        folders.Edit(".one-2", "config.json", "\"negative\"", "\"bad\"");

        // As the README has it: one rename, so that there is no moment without the folder.
        using var exchange = Process.Start("bash", ["-c", $"cd {folders.Root} && ln -s .one-2 .next && mv -T .next one"]);
        await exchange.WaitForExitAsync();
        Assert.Equal(before.Labels, folders.Registry.Find("one").Labels);

        await folders.Registry.UnloadAsync("one", None);
        Assert.Equal("bad", (await folders.Registry.LoadAsync("one", None)).Labels[0]);
    }

    [Fact]
    public async Task A_directory_that_goes_away_takes_no_model_with_it()
    {
        folders.Copy("bert-cls", "two");
        var model = await folders.Registry.GetAsync("one", None);

        Directory.Move(folders.Root, folders.Root + ".away");
        await StaysAsync(model, "Models:Directory is not there");

        Directory.Move(folders.Root + ".away", folders.Root);
        await RecoveredAsync(model);
    }

    [Fact]
    public async Task A_directory_that_may_not_be_read_says_so_and_takes_no_model_with_it()
    {
        Assert.SkipWhen(Environment.IsPrivilegedProcess, "Root may read everything.");
        folders.Copy("bert-cls", "two");
        var model = await folders.Registry.GetAsync("one", None);
        var mode = File.GetUnixFileMode(folders.Root);

        File.SetUnixFileMode(folders.Root, UnixFileMode.None);
        await StaysAsync(model, "Models:Directory cannot be read: access is denied");

        File.SetUnixFileMode(folders.Root, mode);
        await RecoveredAsync(model);
    }

    [Fact]
    public async Task A_directory_that_cannot_be_read_from_the_start_is_said_to_be_none()
    {
        await using var registry = new ModelRegistry(
            new ModelOptions { PrepareForms = false, Directory = folders.PathOf("one", "config.json") },
            new RuntimeOptions(),
            new FakeTimeProvider()
        );

        Assert.StartsWith("Models:Directory ", registry.Error, StringComparison.Ordinal);
        Assert.Null(registry.Default);
        Assert.Empty(registry.List());
        var refused = await Assert.ThrowsAsync<ModelNotFoundException>(async () => await registry.GetAsync("one", None));
        Assert.Equal($"There is no model 'one': {registry.Error}.", refused.Message);
    }

    private async Task StaysAsync(ILoadedModel model, string error)
    {
        Assert.Same(model, await folders.Registry.GetAsync("one", None));
        Assert.Equal(error, folders.Registry.Error);
        Assert.Equal([ModelState.Loaded, ModelState.Broken], folders.Registry.List().Select(entry => entry.State));

        // Two models without a default are no reason to take the one in memory for it.
        Assert.Null(folders.Registry.Default);
        Assert.Single(await model.Runner.PredictAsync([new TokenRow { Ids = [2, 7, 8, 3] }], new WorkOptions(), None).ToListAsync());
    }

    private async Task RecoveredAsync(ILoadedModel model)
    {
        Assert.Null(folders.Registry.Error);
        Assert.Same(model, await folders.Registry.GetAsync("one", None));
        Assert.Equal([ModelState.Loaded, ModelState.Available], folders.Registry.List().Select(entry => entry.State));
    }
}
