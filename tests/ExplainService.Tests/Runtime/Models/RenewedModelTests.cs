using ExplainService.Graph;
using ExplainService.Runtime;
using ExplainService.Runtime.Models;
using Xunit;

namespace ExplainService.Tests.Runtime.Models;

/// <summary>A loaded model whose files have changed is loaded anew beside the old one, which answers until the new one can.</summary>
public sealed class RenewedModelTests : IAsyncDisposable
{
    private const string Name = "bert";

    private readonly ModelFolders folders = new();

    public RenewedModelTests() => folders.Copy("bert-cls", Name);

    private static CancellationToken None => CancellationToken.None;

    private ModelRegistry Registry => folders.Registry;

    public ValueTask DisposeAsync() => folders.DisposeAsync();

    [Fact]
    public async Task Loading_takes_the_files_that_are_there_now()
    {
        var before = await folders.LogitsAsync(Name);
        Shift(5);
        Assert.Equal(before, await folders.LogitsAsync(Name));

        var entry = await Registry.LoadAsync(Name, None);

        Assert.Equal((ModelState.Loaded, null), (entry.State, entry.Error));
        Assert.Empty(entry.Warnings);
        Assert.Equal(before[2] + 5, (await folders.LogitsAsync(Name))[2], 1e-4);
    }

    [Fact]
    public async Task Loading_what_is_loaded_and_unchanged_keeps_it()
    {
        var model = await Registry.GetAsync(Name, None);

        await Registry.LoadAsync(Name, None);

        Assert.Same(model, await Registry.GetAsync(Name, None));
    }

    [Fact]
    public async Task Who_holds_the_old_model_has_it_for_every_step_to_the_end()
    {
        var old = await Registry.GetAsync(Name, None);
        var before = await AskAsync(old, 8);
        var hold = old.TryHold();
        Assert.NotNull(hold);
        Shift(5);

        await Registry.LoadAsync(Name, None);

        // Rows that nobody has asked for before, and a form that was never made: both of the old one.
        Assert.Equal(before, await AskAsync(old, 8));
        Assert.Equal(3, (await AskAsync(old, 9)).Length);
        Assert.Single(await old.Runner.TapAsync([Row(9)], new AttentionTap(AttentionKind.Self), new WorkOptions(), None).ToListAsync());
        var renewed = await Registry.GetAsync(Name, None);
        Assert.Equal(before[2] + 5, (await AskAsync(renewed, 8))[2], 1e-4);
        Assert.Null(old.TryHold());

        hold.Dispose();
        hold.Dispose();
        await ((LoadedModel)old).RetireAsync();
        var refused = await Assert.ThrowsAsync<ServiceBusyException>(() => AskAsync(old, 10));
        Assert.Contains("replaced", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_broken_new_one_leaves_the_old_one_answering_and_says_why_until_it_is_mended()
    {
        var before = await folders.LogitsAsync(Name);
        var whole = await File.ReadAllBytesAsync(folders.PathOf(Name, "model.onnx"));
        await File.WriteAllBytesAsync(folders.PathOf(Name, "model.onnx"), whole[..1000]);

        var refused = await Assert.ThrowsAsync<ModelNotUsableException>(() => Registry.LoadAsync(Name, None));

        var entry = Registry.Find(Name);
        Assert.Equal(ModelState.Loaded, entry.State);
        Assert.Equal("What is in the folder now cannot be served: " + refused.Message, entry.Error);
        Assert.Equal(before, await folders.LogitsAsync(Name));

        await File.WriteAllBytesAsync(folders.PathOf(Name, "model.onnx"), whole);
        Assert.Null(Registry.Find(Name).Error);
        Shift(5);
        Assert.Null((await Registry.LoadAsync(Name, None)).Error);
        Assert.Equal(before[2] + 5, (await folders.LogitsAsync(Name))[2], 1e-4);
    }

    [Fact]
    public async Task Of_callers_that_come_while_models_are_exchanged_each_has_one_of_them()
    {
        var before = await folders.LogitsAsync(Name);
        using var stop = new CancellationTokenSource();
        var callers = Enumerable
            .Range(0, 4)
            .Select(_ =>
                Task.Run(async () =>
                {
                    while (!stop.IsCancellationRequested)
                    {
                        var model = await Registry.GetAsync(Name, None);
                        if (model.TryHold() is not { } hold)
                        {
                            continue;
                        }

                        using (hold)
                        {
                            var (first, second) = (await AskAsync(model, 8), await AskAsync(model, 8));
                            Assert.Equal(first[2], second[2], 1e-4);
                            Assert.Contains(first[2] - before[2], new[] { 0f, 5f, 10f }, Near);
                        }
                    }
                })
            )
            .ToList();
        for (var version = 0; version < 2; version++)
        {
            Shift(5);
            await Registry.LoadAsync(Name, None);
        }

        await stop.CancelAsync();
        await Task.WhenAll(callers);
        Assert.Equal(before[2] + 10, (await folders.LogitsAsync(Name))[2], 1e-4);
    }

    private static readonly EqualityComparer<float> Near = EqualityComparer<float>.Create((a, b) => Math.Abs(a - b) < 1e-3, _ => 0);

    private static TokenRow Row(int token) => new() { Ids = [2, 7, token, 3] };

    private static async Task<float[]> AskAsync(ILoadedModel model, int token) =>
        (await model.Runner.PredictAsync([Row(token)], new WorkOptions(), None).SingleAsync()).Values;

    /// <summary>A newer version: the last class has so much more.</summary>
    private void Shift(float more) =>
        folders.EditGraph(
            Name,
            graph =>
            {
                var (shift, plain) = (graph.Unique("shift"), graph.Unique("plain"));
                graph.Add(Weight.Of<float>(shift, [3], [0, 0, more]));
                var head = graph.Nodes.Single(node => node.Outputs.Contains("logits"));
                head.Outputs[head.Outputs.IndexOf("logits")] = plain;
                graph.Add(new Node("Add", [plain, shift], ["logits"]));
            }
        );
}
