using System.Net.Http.Json;
using System.Text.Json;
using ExplainService.Testing;

namespace ExplainService.Api.Tests;

/// <summary><c>precision: "fast"</c> over HTTP: close to the exact answer, says how close, and is refused where it means nothing.</summary>
public sealed class FastPrecisionTests(Service service) : IClassFixture<Service>
{
    private const string Text = "The acting was terrible but the music is absolutely wonderful.";

    [Theory]
    [InlineData("/occlusion")]
    [InlineData("/shap")]
    [InlineData("/permutation")]
    [InlineData("/lime")]
    public async Task Scores_are_near_the_exact_ones_and_the_deviation_is_said(string path)
    {
        var exact = await service.AskAsync(path, new { text = Text, objective = "logit" });
        var fast = await service.AskAsync(
            path,
            new
            {
                text = Text,
                objective = "logit",
                precision = "fast",
            }
        );
        var (before, after) = (Scores(exact), Scores(fast));
        Assert.NotEqual(before, after);
        Assert.All(before.Zip(after), pair => Assert.InRange(Math.Abs(pair.First - pair.Second), 0, 0.25));
        Assert.Contains("% at the 95th percentile", fast.WarningOf("fast_precision"), StringComparison.Ordinal);
        Assert.Equal(exact.GetProperty("prediction").ToString(), fast.GetProperty("prediction").ToString());
    }

    [Theory]
    [InlineData("/saliency")]
    [InlineData("/attention")]
    [InlineData("/predict")]
    public async Task It_is_refused_where_no_text_is_changed(string path)
    {
        var (status, problem) = await service.PostAsync(path, JsonSerializer.Serialize(new { text = Text, precision = "fast" }));
        Assert.Equal(422, status);
        Assert.True(problem.GetProperty("errors").TryGetProperty("precision", out _));
    }

    [Fact]
    public async Task The_model_tells_its_deviation_within_the_aim()
    {
        await service.AskAsync("/occlusion", new { text = Text, precision = "fast" });
        JsonElement fast = default;
        await Patience.UntilAsync(async () =>
            Asking
                .Parse(await service.Client.GetStringAsync(new Uri("/models/minilm-sst2", UriKind.Relative)))
                .TryGetProperty("fast", out fast)
        );
        Assert.True(fast.GetProperty("supported").GetBoolean());
        Assert.InRange(fast.GetProperty("mean_deviation").GetDouble(), 1e-6, 0.01);
        Assert.InRange(fast.GetProperty("p95_deviation").GetDouble(), 1e-6, 0.03);
    }

    [Fact]
    public async Task Where_it_is_measured_on_first_use_the_model_tells_it_from_then_on()
    {
        await using var lazy = service.WithWebHostBuilder(host => host.UseSetting("Runtime:MeasureFast", "false"));
        using var http = lazy.CreateClient();
        Assert.False((await ModelAsync()).TryGetProperty("fast", out _));
        using var answer = await http.PostAsJsonAsync(
            "/occlusion",
            new { text = Text, precision = "fast" },
            TestContext.Current.CancellationToken
        );
        Assert.True(answer.IsSuccessStatusCode);
        Assert.True((await ModelAsync()).GetProperty("fast").GetProperty("supported").GetBoolean());

        async Task<JsonElement> ModelAsync() => Asking.Parse(await http.GetStringAsync(new Uri("/models/minilm-sst2", UriKind.Relative)));
    }

    private static double[] Scores(JsonElement answer) =>
        [.. answer.GetProperty("units").EnumerateArray().Select(unit => unit.GetProperty("score").GetDouble())];
}
