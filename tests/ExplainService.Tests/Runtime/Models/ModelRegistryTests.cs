using ExplainService.Goldens;
using ExplainService.Runtime;
using ExplainService.Runtime.Models;
using ExplainService.Runtime.Sessions;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace ExplainService.Tests.Runtime.Models;

public sealed class ModelRegistryTests : IAsyncDisposable
{
    private static readonly string Source = ReferenceData.PathOf("zoo", "bert-cls");

    private readonly string folder = Directory.CreateTempSubdirectory("models-").FullName;
    private readonly ModelRegistry registry;

    public ModelRegistryTests()
    {
        registry = new ModelRegistry(
            new ModelOptions { PrepareForms = false, Directory = folder },
            new RuntimeOptions { TokenBudget = 256 },
            new FakeTimeProvider()
        );
    }

    private static CancellationToken None => CancellationToken.None;

    private static TokenRow Row => new() { Ids = [2, 7, 8, 3] };

    public async ValueTask DisposeAsync()
    {
        await registry.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task A_folder_is_listed_at_once_and_loaded_on_first_use_by_all_callers_together()
    {
        Copy("one");
        var listed = Assert.Single(registry.List());
        Assert.Equal((ModelState.Available, ModelTask.TextClassification, "one"), (listed.State, listed.Task, registry.Default));
        Assert.Equal(["negative", "neutral", "positive"], listed.Labels);

        var loaded = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => registry.GetAsync(null, None).AsTask())));
        Assert.All(loaded, model => Assert.Same(loaded[0], model));

        var entry = registry.Find("one");
        Assert.Equal(ModelState.Loaded, entry.State);
        Assert.Matches("^[0-9a-f]{64}$", entry.FileHash);
        Assert.Equal("fun", loaded[0].Tokenizer.Encode("fun").Tokens[1].Text);
        Assert.Equal(new FileInfo(Path.Combine(Source, "model.onnx")).Length, entry.Bytes);
    }

    [Fact]
    public async Task Folders_may_come_and_go_while_the_service_runs()
    {
        Assert.Null(registry.Default);
        await Assert.ThrowsAsync<ModelNotFoundException>(async () => await registry.GetAsync(null, None));
        Copy("one");
        await registry.GetAsync("one", None);
        Copy("two");
        Assert.Equal(["one", "two"], registry.List().Select(entry => entry.Name));
        Assert.Null(registry.Default);
        Directory.Delete(Path.Combine(folder, "one"), recursive: true);
        await registry.UnloadAsync("one", None);
        await Assert.ThrowsAsync<ModelNotFoundException>(async () => await registry.GetAsync("one", None));
        Assert.Equal("two", registry.Default);
    }

    [Theory]
    [InlineData("../one")]
    [InlineData("..")]
    [InlineData("/etc")]
    [InlineData("")]
    [InlineData("One")]
    public async Task Only_names_of_folders_are_names_of_models(string name)
    {
        Copy("one");
        await Assert.ThrowsAsync<ModelNotFoundException>(async () => await registry.GetAsync(name, None));
    }

    [Theory]
    [InlineData("config.json", null, "config.json is missing")]
    [InlineData("config.json", "[1, 2]", "config.json is not a JSON object")]
    [InlineData("config.json", "{", "config.json is not valid JSON")]
    [InlineData("model.onnx", null, "No graph is there")]
    [InlineData("model.onnx", "garbage", "model.onnx")]
    [InlineData("model.onnx", "", "model.onnx")]
    [InlineData("tokenizer", null, "tokenizer is missing")]
    public async Task A_broken_folder_says_what_is_wrong_and_breaks_nothing_else(string file, string? content, string message)
    {
        Copy("good");
        Copy("broken");
        foreach (var path in Directory.EnumerateFiles(Path.Combine(folder, "broken")).Where(path => IsPartOf(path, file)))
        {
            File.Delete(path);
            if (content is not null)
            {
                await File.WriteAllTextAsync(path, content);
            }
        }

        var refused = await Assert.ThrowsAsync<ModelNotUsableException>(async () => await registry.GetAsync("broken", None));
        Assert.Contains(message, refused.Message, StringComparison.Ordinal);
        var entry = registry.Find("broken");
        Assert.Equal((ModelState.Broken, refused.Message), (entry.State, entry.Error));
        Assert.NotNull(await registry.GetAsync("good", None));
    }

    [Fact]
    public async Task A_tokenizer_of_another_model_is_refused()
    {
        Copy("mixed");
        foreach (var file in new[] { "tokenizer.json", "vocab.txt" })
        {
            File.Copy(Path.Combine(ReferenceData.BundledModels, "minilm-sst2", file), Path.Combine(folder, "mixed", file), overwrite: true);
        }

        await Assert.ThrowsAsync<ModelNotUsableException>(async () => await registry.GetAsync("mixed", None));
        Assert.Contains("do not belong together", registry.Find("mixed").Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_graph_cut_short_at_any_place_is_refused_and_a_repaired_one_is_served()
    {
        Copy("broken");
        var path = Path.Combine(folder, "broken", "model.onnx");
        var whole = await File.ReadAllBytesAsync(path);
        for (var eighth = 1; eighth < 8; eighth++)
        {
            await File.WriteAllBytesAsync(path, whole[..(whole.Length * eighth / 8)]);
            await Assert.ThrowsAsync<ModelNotUsableException>(async () => await registry.GetAsync("broken", None));
        }

        await File.WriteAllBytesAsync(path, whole);
        Assert.Equal(ModelState.Available, registry.Find("broken").State);
        Assert.NotNull(await registry.GetAsync("broken", None));
    }

    [Fact]
    public async Task A_model_that_is_unloaded_in_use_answers_to_the_end_and_is_loaded_again_when_needed()
    {
        Copy("one");
        var model = await registry.GetAsync("one", None);
        var running = model.Runner.PredictAsync(
            Enumerable.Range(0, 3000).Select(i => new TokenRow { Ids = [2, 5 + (i % 1900), 5 + (i / 1900), 3] }),
            new WorkOptions(),
            None
        );
        var answers = running.GetAsyncEnumerator();
        Assert.True(await answers.MoveNextAsync());

        var unloading = registry.UnloadAsync("one", None);
        var count = 1;
        while (await answers.MoveNextAsync())
        {
            count++;
        }

        Assert.Equal(3000, count);
        await answers.DisposeAsync();
        Assert.Equal(ModelState.Available, (await unloading).State);

        var before = (await model.Runner.PredictAsync([Row], new WorkOptions(), None).SingleAsync()).Values;
        var after = (await (await registry.GetAsync("one", None)).Runner.PredictAsync([Row], new WorkOptions(), None).SingleAsync()).Values;
        Assert.Equal(before, after);
    }

    [Fact]
    [Slow]
    public async Task Unloading_while_callers_come_leave_and_run_every_form_never_fails_one()
    {
        Copy("one");
        using var stop = new CancellationTokenSource();
        var callers = Enumerable
            .Range(0, 8)
            .Select(number =>
                Task.Run(async () =>
                {
                    for (var i = 0; i < 25; i++)
                    {
                        var runner = (await registry.GetAsync("one", None)).Runner;
                        var row = new TokenRow { Ids = [2, 5 + number, 10 + i, 3] };
                        Assert.Single(await runner.PredictAsync([row], new WorkOptions(), None).ToListAsync());
                        Assert.Single(
                            await runner.TapAsync([row], new AttentionTap(AttentionKind.Self), new WorkOptions(), None).ToListAsync()
                        );
                        using var leaving = new CancellationTokenSource();
                        var gone = runner.GradientAsync(
                            Enumerable.Repeat(new GradientRow(row, [0]), 200),
                            new GradientSpec(Objective.Logit, Link.Softmax),
                            new WorkOptions(),
                            leaving.Token
                        );
                        await foreach (var result in gone)
                        {
                            Assert.NotEmpty(result.Gradient);
                            break;
                        }
                    }
                })
            )
            .ToList();
        var unloader = Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                await registry.UnloadAsync("one", None);
            }
        });
        await Task.WhenAll(callers);
        await stop.CancelAsync();
        await unloader;
    }

    private static bool IsPartOf(string path, string file) =>
        file == "tokenizer" ? Path.GetFileName(path) is "tokenizer.json" or "vocab.txt" : Path.GetFileName(path) == file;

    private void Copy(string name)
    {
        var target = Directory.CreateDirectory(Path.Combine(folder, name)).FullName;
        foreach (var file in Directory.EnumerateFiles(Source))
        {
            File.Copy(file, Path.Combine(target, Path.GetFileName(file)));
        }
    }
}
