using System.Net.Http.Json;
using ExplainService.Api.Contracts;
using ExplainService.Methods.Contracts;
using ExplainService.Methods.Occlusion;
using ExplainService.Testing;

namespace ExplainService.Api.Tests;

/// <summary><c>precision: "fast"</c> over HTTP: close to the exact answer, says how close, and is refused where it means nothing.</summary>
public sealed class FastPrecisionTests(Service service) : IClassFixture<Service>
{
    private const string Model = "minilm-sst2";

    private const string Text = "The acting was terrible but the music is absolutely wonderful.";

    [Theory]
    [MemberData(nameof(CataloguePaths.ChangingTexts), MemberType = typeof(CataloguePaths))]
    public async Task Fast_scores_are_near_the_exact_ones_and_the_deviation_is_said(string path)
    {
        var exact = await service.AskAsync<UnitExplanation>(path, new { text = Text, objective = "logit" });
        var fast = await service.AskAsync<UnitExplanation>(
            path,
            new
            {
                text = Text,
                objective = "logit",
                precision = "fast",
            }
        );
        var (before, after) = (exact.Units.Scores(), fast.Units.Scores());
        Assert.NotEqual(before, after);
        Assert.All(before.Zip(after), pair => Assert.InRange(Math.Abs(pair.First - pair.Second), 0, 0.25));
        Assert.Contains("% at the 95th percentile", fast.WarningOf("fast_precision"), StringComparison.Ordinal);
        Assert.Equivalent(exact.Prediction, fast.Prediction, strict: true);
    }

    [Theory]
    [MemberData(nameof(CataloguePaths.ChangingNoText), MemberType = typeof(CataloguePaths))]
    public async Task Fast_precision_is_refused_where_no_text_is_changed(string path)
    {
        var problem = await service.RefuseAsync(path, new { text = Text, precision = "fast" });
        Assert.Contains("precision", problem.Errors!.Keys);
    }

    [Fact]
    public async Task The_deviation_that_a_model_tells_is_within_the_aim()
    {
        await service.AskAsync<OcclusionAnswer>("/occlusion", new { text = Text, precision = "fast" });
        FastAnswer? fast = null;
        await Patience.UntilAsync(async () => (fast = (await service.Client.ModelAsync(Model)).Fast) is not null);
        Assert.True(fast!.Supported);
        Assert.InRange(fast.MeanDeviation!.Value, 1e-6, 0.01);
        Assert.InRange(fast.P95Deviation!.Value, 1e-6, 0.03);
    }

    [Fact]
    public async Task A_deviation_that_is_measured_on_first_use_is_told_from_then_on()
    {
        await using var lazy = service.WithWebHostBuilder(host => host.UseSetting("Runtime:MeasureFast", "false"));
        using var http = lazy.CreateClient();
        Assert.Null((await http.ModelAsync(Model)).Fast);
        using var answer = await http.PostAsJsonAsync(
            "/occlusion",
            new { text = Text, precision = "fast" },
            TestContext.Current.CancellationToken
        );
        Assert.True(answer.IsSuccessStatusCode);
        Assert.True((await http.ModelAsync(Model)).Fast!.Supported);
    }
}
