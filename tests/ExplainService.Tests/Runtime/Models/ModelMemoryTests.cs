using ExplainService.Runtime;
using ExplainService.Runtime.Models;
using ExplainService.Runtime.Sessions;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace ExplainService.Tests.Runtime.Models;

/// <summary>What models say that they take, and what becomes of those that take too much together.</summary>
public sealed class ModelMemoryTests : IAsyncDisposable
{
    private readonly ModelFolders folders = new();

    private static CancellationToken None => CancellationToken.None;

    public ModelMemoryTests()
    {
        folders.Copy("bert-cls", "one");
        folders.Copy("bert-cls", "two");
    }

    public ValueTask DisposeAsync() => folders.DisposeAsync();

    [Fact]
    public async Task A_model_tells_what_it_takes_loaded_and_with_the_forms_made_since()
    {
        Assert.Null(folders.Registry.Find("one").Memory);
        var model = await folders.Registry.GetAsync("one", None);
        var loaded = Assert.IsType<ModelMemory>(folders.Registry.Find("one").Memory);
        Assert.Equal(folders.Registry.Find("one").Bytes, loaded.Disk);
        Assert.InRange(loaded.Loaded, loaded.Disk / 2, loaded.Disk * 20);
        Assert.Equal(loaded.Loaded, loaded.WithForms);

        await GradientAsync(model);
        var after = folders.Registry.Find("one").Memory!;
        Assert.Equal(loaded.Loaded, after.Loaded);
        Assert.True(after.WithForms > after.Loaded);

        await GradientAsync(model);
        Assert.Equal(after, folders.Registry.Find("one").Memory);
        await folders.Registry.UnloadAsync("one", None);
        Assert.Null(folders.Registry.Find("one").Memory);
    }

    [Fact]
    public async Task Where_memory_is_limited_a_load_unloads_the_model_that_was_not_used_for_the_longest_time()
    {
        await using var registry = new ModelRegistry(
            new ModelOptions
            {
                Directory = folders.Root,
                PrepareForms = false,
                MemoryMegabytes = 1,
            },
            new RuntimeOptions { TokenBudget = 256, MeasureFast = false },
            new FakeTimeProvider()
        );
        var one = await registry.GetAsync("one", None);
        Assert.True(registry.Find("one").Memory!.Loaded > (1 << 20) / 2, "Two of them are more than a megabyte.");

        await registry.GetAsync("two", None);

        Assert.Equal([ModelState.Available, ModelState.Loaded], registry.List().Select(entry => entry.State));

        // Whoever still has it goes on.
        Assert.NotEmpty(await GradientAsync(one));

        using (((LoadedModel)await registry.GetAsync("two", None)).TryHold())
        {
            await registry.GetAsync("one", None);
            Assert.Equal([ModelState.Loaded, ModelState.Loaded], registry.List().Select(entry => entry.State));
        }
    }

    private static async Task<float[]> GradientAsync(ILoadedModel model) =>
        (
            await model
                .Runner.GradientAsync(
                    [new GradientRow(new TokenRow { Ids = [2, 7, 8, 3] }, [0])],
                    new GradientSpec(Objective.Probability, Link.Softmax),
                    new WorkOptions(),
                    None
                )
                .SingleAsync()
        ).Gradient;
}
