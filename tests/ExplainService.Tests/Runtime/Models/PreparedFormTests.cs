using ExplainService.Goldens;
using ExplainService.Runtime;
using ExplainService.Runtime.Models;
using ExplainService.Runtime.Sessions;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace ExplainService.Tests.Runtime.Models;

/// <summary>The forms that requests with default settings need are there before anybody asks.</summary>
public sealed class PreparedFormTests : IAsyncDisposable
{
    private readonly ModelFolders folders = new();
    private readonly ModelRegistry registry;

    public PreparedFormTests()
    {
        registry = new ModelRegistry(
            new ModelOptions { Directory = folders.Root },
            new RuntimeOptions { TokenBudget = 256, MeasureFast = false },
            new FakeTimeProvider()
        );
        folders.Copy("bert-cls", "model");
    }

    private static CancellationToken None => CancellationToken.None;

    private static TokenRow Row => new() { Ids = [2, 7, 8, 3] };

    public async ValueTask DisposeAsync()
    {
        await registry.DisposeAsync();
        await folders.DisposeAsync();
    }

    [Fact]
    public async Task After_loading_gradient_and_attention_forms_are_made_without_a_request()
    {
        var model = (LoadedModel)await registry.GetAsync("model", None);

        await model.Preparing;

        var prepared = model.Sessions;
        Assert.True(model.Bytes > model.LoadedBytes);
        await AskAsync(model);
        Assert.Equal(prepared, model.Sessions);
        Assert.False(model.IsInUse);
    }

    [Fact]
    public async Task Who_asks_for_a_form_that_is_being_made_waits_for_it_and_it_is_made_once()
    {
        var model = (LoadedModel)await registry.GetAsync("model", None);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => AskAsync(model))));
        await model.Preparing;
        var asked = model.Sessions;

        await registry.UnloadAsync("model", None);
        var alone = (LoadedModel)await registry.GetAsync("model", None);
        await alone.Preparing;

        Assert.Equal(alone.Sessions, asked);
    }

    [Fact]
    public async Task A_model_can_be_unloaded_while_its_forms_are_made()
    {
        for (var round = 0; round < 3; round++)
        {
            var model = (LoadedModel)await registry.GetAsync("model", None);
            await registry.UnloadAsync("model", None);
            await model.Preparing;
            Assert.Equal((ModelState.Available, 0), (registry.Find("model").State, model.Bytes));
        }
    }

    [Fact]
    public async Task Nothing_is_made_ahead_of_its_use_where_it_would_exceed_the_limit_of_memory()
    {
        await using var limited = new ModelRegistry(
            new ModelOptions { Directory = ReferenceData.BundledModels, MemoryMegabytes = 1 },
            new RuntimeOptions { TokenBudget = 256, MeasureFast = false },
            new FakeTimeProvider()
        );
        var model = (LoadedModel)await limited.GetAsync("gpt-reviews", None);
        Assert.True(model.LoadedBytes > 1 << 20);
        var loaded = model.Sessions;

        await model.Preparing;

        Assert.Equal(loaded, model.Sessions);
    }

    private static async Task AskAsync(LoadedModel model)
    {
        var spec = new GradientSpec(model.Description.DefaultObjective, model.Description.Link);
        await model.Runner.GradientAsync([new GradientRow(Row, [0])], spec, new WorkOptions(), None).SingleAsync();
        await model.Runner.TapAsync([Row], new AttentionTap(AttentionKind.Self), new WorkOptions(), None).SingleAsync();
    }
}
