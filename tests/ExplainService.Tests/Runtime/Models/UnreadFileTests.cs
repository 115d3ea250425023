using System.Runtime.Versioning;
using ExplainService.Runtime;
using Xunit;

namespace ExplainService.Tests.Runtime.Models;

/// <summary>Files of a folder that no loader opens: whatever they are and become, the model is the same.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class UnreadFileTests : IAsyncDisposable
{
    private const string Name = "bert";

    private readonly ModelFolders folders = new();

    public UnreadFileTests() => folders.Copy("bert-cls", Name);

    private static CancellationToken None => CancellationToken.None;

    public ValueTask DisposeAsync() => folders.DisposeAsync();

    [Fact]
    public async Task A_link_to_nowhere_breaks_nothing()
    {
        File.CreateSymbolicLink(folders.PathOf(Name, "notes.txt"), "nowhere");
        Assert.Equal(3, (await folders.LogitsAsync(Name)).Length);
    }

    [Theory]
    [InlineData(".DS_Store")]
    [InlineData("README.md")]
    [InlineData("notes.txt")]
    [InlineData("training_args.json")]
    [InlineData("onnx/notes.txt")]
    public async Task Writing_one_is_no_change_of_the_model(string file)
    {
        Directory.CreateDirectory(folders.PathOf(Name, "onnx"));
        var model = await folders.Registry.GetAsync(Name, None);
        await File.AppendAllTextAsync(folders.PathOf(Name, file), "anything");
        Assert.Empty(folders.Registry.Find(Name).Warnings);

        await folders.Registry.UnloadAsync(Name, None);
        Assert.Single(await model.Runner.PredictAsync([new TokenRow { Ids = [2, 7, 8, 3] }], new WorkOptions(), None).ToListAsync());
    }

    [Theory]
    [InlineData("generation_config.json", "{}")]
    [InlineData("added_tokens.json", "{}")]
    [InlineData("config.json", " ")]
    public async Task What_is_read_counts_even_if_it_was_not_there_before(string file, string text)
    {
        await folders.Registry.GetAsync(Name, None);
        await File.AppendAllTextAsync(folders.PathOf(Name, file), text);
        Assert.Single(folders.Registry.Find(Name).Warnings);
    }

    [Fact]
    public async Task A_graph_that_would_be_chosen_instead_counts()
    {
        folders.Move(Name, "model.onnx", "model_int8.onnx");
        await folders.Registry.GetAsync(Name, None);
        File.Copy(folders.PathOf(Name, "model_int8.onnx"), folders.PathOf(Name, "model.onnx"));
        Assert.Single(folders.Registry.Find(Name).Warnings);
    }

    [Fact]
    public async Task Weights_beside_the_graph_count()
    {
        folders.Externalise(Name, "weights.bin");
        await folders.Registry.GetAsync(Name, None);
        File.SetLastWriteTimeUtc(folders.PathOf(Name, "weights.bin"), DateTime.UnixEpoch);
        Assert.Single(folders.Registry.Find(Name).Warnings);
    }

    [Fact]
    public async Task A_card_counts_where_nothing_else_names_the_task()
    {
        folders.Edit(Name, "config.json", "\"architectures\"", "\"none\"");
        await File.WriteAllTextAsync(folders.PathOf(Name, "README.md"), "---\npipeline_tag: text-classification\n---\n");
        await folders.Registry.GetAsync(Name, None);
        Assert.Empty(folders.Registry.Find(Name).Warnings);
        await File.AppendAllTextAsync(folders.PathOf(Name, "README.md"), "More.");
        Assert.Single(folders.Registry.Find(Name).Warnings);
    }
}
