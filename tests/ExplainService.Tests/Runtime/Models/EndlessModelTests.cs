using ExplainService.Graph;
using ExplainService.Runtime;
using ExplainService.Runtime.Models;
using ExplainService.Runtime.Sessions;
using ExplainService.Testing;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace ExplainService.Tests.Runtime.Models;

/// <summary>A graph may compute for ever. What hangs on it ends by a limit; what does not goes on meanwhile.</summary>
public sealed class EndlessModelTests : IAsyncDisposable
{
    /// <summary>Longer than any row of a probe.</summary>
    private const int Long = 60;

    private readonly ModelFolders folders = new();
    private readonly FakeTimeProvider time = new();
    private readonly ModelRegistry registry;

    public EndlessModelTests()
    {
        registry = new ModelRegistry(
            new ModelOptions { PrepareForms = false, Directory = folders.Root },
            new RuntimeOptions { TokenBudget = 256, MeasureFast = false },
            time
        );
        folders.Copy("bert-cls", "good");
        folders.Copy("bert-cls", "endless");
    }

    private static CancellationToken None => CancellationToken.None;

    public async ValueTask DisposeAsync()
    {
        await registry.DisposeAsync();
        await folders.DisposeAsync();
    }

    [Fact]
    public async Task A_load_without_end_is_refused_after_its_time_and_remembered_while_other_models_answer()
    {
        LoopFrom(length: 0);
        var loading = registry.LoadAsync("endless", None);
        Assert.Equal(3, (await AskAsync("good", 4)).Length);
        Assert.False(loading.IsCompleted);

        var refused = await Assert.ThrowsAsync<ModelNotUsableException>(() => AfterTimeAsync(loading));

        Assert.Contains("within 60 s (Models:", refused.Message, StringComparison.Ordinal);
        var entry = registry.Find("endless");
        Assert.Equal((ModelState.Broken, refused.Message), (entry.State, entry.Error));
        var again = await Assert.ThrowsAsync<ModelNotUsableException>(async () => await registry.GetAsync("endless", None));
        Assert.Equal(refused.Message, again.Message);
        await registry.UnloadAsync("endless", None).WaitAsync(Patience.Ample);

        File.Copy(folders.PathOf("good", "model.onnx"), folders.PathOf("endless", "model.onnx"), overwrite: true);
        Assert.Equal(3, (await AskAsync("endless", 4)).Length);
    }

    [Fact]
    public async Task A_batch_without_end_is_refused_after_its_time_and_the_device_goes_on()
    {
        LoopFrom(length: Long);
        Assert.Equal(3, (await AskAsync("endless", 4)).Length);
        var running = AskAsync("endless", Long);

        var refused = await Assert.ThrowsAsync<NotSupportedByModelException>(() => AfterTimeAsync(running));

        Assert.Equal("The model did not compute a batch within 60 s (Models:BatchSeconds).", refused.Message);
        Assert.Equal(3, (await AskAsync("good", 4)).Length);
    }

    [Fact]
    public async Task Who_waits_for_a_batch_without_end_may_leave_and_takes_it_along()
    {
        LoopFrom(length: Long);
        using var leaving = new CancellationTokenSource();
        await registry.GetAsync("endless", None);
        var running = AskAsync("endless", Long, leaving.Token);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        Assert.Equal(3, (await AskAsync("good", 4)).Length);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(Long)]
    public async Task A_service_that_stops_waits_for_neither(int length)
    {
        LoopFrom(length);
        var running = AskAsync("endless", Long);
        await Patience.UntilAsync(() => running.IsCompleted || registry.Find("endless").State != ModelState.Available);

        await registry.DisposeAsync().AsTask().WaitAsync(Patience.Ample);

        Assert.IsNotType<TimeoutException>(await Assert.ThrowsAnyAsync<Exception>(() => running.WaitAsync(Patience.Ample)));
    }

    private async Task<float[]> AskAsync(string name, int length, CancellationToken leaving = default)
    {
        var model = await registry.GetAsync(name, leaving);
        var row = new TokenRow { Ids = [2, .. Enumerable.Range(10, length - 2), 3] };
        return (await model.Runner.PredictAsync([row], new WorkOptions(), leaving).SingleAsync(leaving)).Values;
    }

    /// <summary>Whatever clocks it waits for pass, once they run.</summary>
    private async Task AfterTimeAsync(Task waiting)
    {
        await Patience.UntilAsync(() =>
        {
            time.Advance(TimeSpan.FromSeconds(61));
            return waiting.IsCompleted;
        });
        await waiting;
    }

    /// <summary>Has the graph loop, for rows of so many tokens and more as long as a counter counts.</summary>
    private void LoopFrom(int length) =>
        folders.EditGraph(
            "endless",
            graph =>
            {
                graph.Add(Weight.Of<long>("at_one", [1], [1]));
                graph.Add(Weight.Of<long>("long", [1], [length - 1]));
                graph.Add(Weight.Of<long>("always", [1], [long.MaxValue / 2]));
                graph.Add(Weight.Of<long>("shape_of_one", [0], []));
                graph.Add(Weight.Of<float>("nothing", [], [0]));
                graph.Add(new Node("Shape", ["input_ids"], ["rows_and_length"]));
                graph.Add(new Node("Gather", ["rows_and_length", "at_one"], ["length"]));
                graph.Add(new Node("Greater", ["length", "long"], ["is_long"]));
                graph.Add(new Node("Cast", ["is_long"], ["is_long_number"]) { Attributes = { ["to"] = (long)ElementType.Int64 } });
                graph.Add(new Node("Mul", ["is_long_number", "always"], ["times"]));
                graph.Add(new Node("Reshape", ["times", "shape_of_one"], ["trips"]));
                graph.Add(new Node("Loop", ["trips", "", "nothing"], ["looped"]) { Attributes = { ["body"] = Body() } });
                var head = graph.Nodes.Single(node => node.Outputs.Contains("logits"));
                head.Outputs[head.Outputs.IndexOf("logits")] = "plain";
                graph.Add(new Node("Add", ["plain", "looped"], ["logits"]));
            }
        );

    private static ModelGraph Body() =>
        new()
        {
            Inputs =
            {
                new ValueInfo("round", ElementType.Int64, []),
                new ValueInfo("goes_on", ElementType.Bool, []),
                new ValueInfo("before", ElementType.Float, []),
            },
            Nodes = { new Node("Identity", ["goes_on"], ["still"]), new Node("Sin", ["before"], ["after"]) },
            Outputs = { new ValueInfo("still", ElementType.Bool, []), new ValueInfo("after", ElementType.Float, []) },
        };
}
