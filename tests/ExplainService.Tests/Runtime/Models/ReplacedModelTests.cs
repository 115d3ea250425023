using ExplainService.Graph;
using ExplainService.Runtime;
using Xunit;

namespace ExplainService.Tests.Runtime.Models;

/// <summary>Folders whose files are replaced while their model is in use: an explanation is of one model, whichever it is.</summary>
public sealed class ReplacedModelTests : IAsyncDisposable
{
    private const string Name = "bert";

    private readonly ModelFolders folders = new();

    public ReplacedModelTests() => folders.Copy("bert-cls", Name);

    public ValueTask DisposeAsync() => folders.DisposeAsync();

    [Theory]
    [InlineData("model.onnx")]
    [InlineData("config.json")]
    [InlineData("tokenizer.json")]
    [InlineData("the whole folder")]
    public async Task An_explanation_ends_where_another_model_has_taken_the_place_of_its_own(string file)
    {
        var old = await folders.Registry.GetAsync(Name, CancellationToken.None);
        await AskAsync(old, 8);
        Replace(file);
        await folders.Registry.UnloadAsync(Name, CancellationToken.None);

        var refused = await Assert.ThrowsAsync<ServiceBusyException>(() => AskAsync(old, 9));
        Assert.True(refused.Unavailable);
        Assert.Contains("replaced while it was being explained", refused.Message, StringComparison.Ordinal);
        Assert.InRange(refused.RetryAfter, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task Asking_again_is_answered_by_the_new_model()
    {
        var before = await AskAsync(await folders.Registry.GetAsync(Name, CancellationToken.None), 8);
        Replace("model.onnx");
        await folders.Registry.UnloadAsync(Name, CancellationToken.None);
        var after = await AskAsync(await folders.Registry.GetAsync(Name, CancellationToken.None), 8);
        Assert.Equal(before[2] + 5, after[2], 1e-4);
    }

    [Fact]
    public async Task Files_that_were_only_touched_are_the_same_model()
    {
        var model = await folders.Registry.GetAsync(Name, CancellationToken.None);
        var before = await AskAsync(model, 8);
        File.SetLastWriteTimeUtc(folders.PathOf(Name, "model.onnx"), DateTime.UnixEpoch);
        await folders.Registry.UnloadAsync(Name, CancellationToken.None);
        Assert.Equal(before, await AskAsync(model, 8));
    }

    [Fact]
    public async Task A_loaded_model_stays_what_it_was_and_says_that_its_files_have_changed()
    {
        var model = await folders.Registry.GetAsync(Name, CancellationToken.None);
        var before = folders.Registry.Find(Name);
        Assert.Empty(before.Warnings);

        Replace("model.onnx");
        File.Delete(folders.PathOf(Name, "config.json"));
        var after = folders.Registry.Find(Name);
        Assert.Equal((ModelState.Loaded, before.FileHash, before.Bytes), (after.State, after.FileHash, after.Bytes));
        Assert.Contains("have changed since it was loaded", Assert.Single(after.Warnings).Text, StringComparison.Ordinal);
        Assert.Equal(3, (await AskAsync(model, 9)).Length);

        await folders.Registry.UnloadAsync(Name, CancellationToken.None);
        var gone = folders.Registry.Find(Name);
        Assert.Equal(ModelState.Broken, gone.State);
        Assert.StartsWith("config.json is missing. Two fields do: ", gone.Error, StringComparison.Ordinal);
    }

    private static async Task<float[]> AskAsync(ILoadedModel model, int token) =>
        (
            await model
                .Runner.PredictAsync([new TokenRow { Ids = [2, 7, token, 3] }], new WorkOptions(), CancellationToken.None)
                .SingleAsync()
        ).Values;

    private void Replace(string file)
    {
        switch (file)
        {
            case "model.onnx":
                folders.EditGraph(
                    Name,
                    graph =>
                    {
                        graph.Add(Weight.Of<float>("shift", [3], [0, 0, 5]));
                        var head = graph.Nodes.Single(node => node.Outputs.Contains("logits"));
                        head.Outputs[head.Outputs.IndexOf("logits")] = "unshifted";
                        graph.Add(new Node("Add", ["unshifted", "shift"], ["logits"]));
                    }
                );
                break;
            case "config.json":
                folders.Edit(Name, file, "\"negative\"", "\"positive\"");
                break;
            case "tokenizer.json":
                File.AppendAllText(folders.PathOf(Name, file), "\n");
                break;
            default:
                Directory.Delete(folders.PathOf(Name), recursive: true);
                Directory.CreateDirectory(folders.PathOf(Name));
                break;
        }
    }
}
