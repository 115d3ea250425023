using System.Text.Json;

namespace ExplainService.Api.Tests.Jobs;

/// <summary>Kind <c>compare</c>: which explanation is the most faithful over a file.</summary>
public sealed class JobCompareTests(JobsService service) : IClassFixture<JobsService>
{
    /// <summary>More than a chunk.</summary>
    private const int Rows = 9;

    /// <summary>Rows of a job run in other batches.</summary>
    private const double Rounding = 2e-4;

    private static readonly object[] Methods =
    [
        new { endpoint = "/occlusion" },
        new { endpoint = "/saliency", method = "gradient" },
        new
        {
            name = "seen",
            endpoint = "/attention",
            aggregate = "rollout",
        },
    ];

    [Fact]
    public async Task The_verdict_is_that_of_a_comparison_of_the_same_texts()
    {
        var id = await service.RunJobAsync(
            new
            {
                kind = "compare",
                request = new
                {
                    methods = Methods,
                    metrics = new[] { "area" },
                    random_orders = 3,
                },
            },
            Rows
        );
        var summary = await service.Client.SummaryAsync(id);
        var expected = await service.AskAsync(
            "/compare",
            new
            {
                texts = AskingForJobs.Texts(Rows),
                methods = Methods,
                metrics = new[] { "area" },
                random_orders = 3,
            }
        );

        var comparison = summary.GetProperty("comparison");
        Assert.Equal(Rows, comparison.GetProperty("texts").GetInt32());
        Assert.Equal(["occlusion", "gradient", "seen"], Names(comparison));
        Assert.Equal(Elements(expected, "methods").Length, Elements(comparison, "methods").Length);
        Assert.NotEmpty(Elements(expected, "differences"));
        Assert.Equal(Elements(expected, "differences").Length, Elements(comparison, "differences").Length);
        foreach (var (method, other) in Elements(comparison, "methods").Zip(Elements(expected, "methods")))
        {
            Assert.Equal(Figures(other), Figures(method), Close);
        }

        var recommended = comparison.GetProperty("recommendation");
        Assert.Equal(Text(expected.GetProperty("recommendation"), "name"), Text(recommended, "name"));
        foreach (var (one, other) in Elements(comparison, "differences").Zip(Elements(expected, "differences")))
        {
            Assert.Equal(Text(other, "other"), Text(one, "other"));
            Assert.Equal(other.GetProperty("significant").GetBoolean(), one.GetProperty("significant").GetBoolean());
            Assert.Equal(Number(other, "mean"), Number(one, "mean"), Rounding);
            Assert.Equal(Number(other, "p_corrected"), Number(one, "p_corrected"), 0.01);
        }

        var best = Elements(comparison, "methods").Single(method => Text(method, "name") == Text(recommended, "name"));
        var areas = best.GetProperty("metrics").GetProperty("area").EnumerateObject().Select(figure => figure.Value).ToArray();
        Assert.Equal(areas.Average(figure => Number(figure, "z")), Number(summary.GetProperty("faithfulness"), "z"), 1e-9);
        Assert.Equal(areas.Average(figure => Number(figure, "value")), Number(summary.GetProperty("faithfulness"), "area"), 1e-9);
        Assert.Equal(Rows, summary.GetProperty("faithfulness").GetProperty("rows").GetInt32());

        // The two replacements go together: the error of their mean is no larger than the mean of their errors, and no smaller than half of it.
        var errors = areas.Average(figure => Number(figure, "standard_error"));
        Assert.InRange(Number(summary.GetProperty("faithfulness"), "standard_error"), errors / 2, errors * (1 + 1e-9));
    }

    [Fact]
    public async Task Faithfulness_of_explanations_that_measured_themselves_is_its_mean_over_the_rows()
    {
        var id = await service.RunJobAsync(
            new
            {
                kind = "explain",
                request = new
                {
                    endpoint = "/saliency",
                    method = "input_x_gradient",
                    quality = "basic",
                },
            },
            Rows
        );
        var rows = (await service.Client.ResultsAsync(id)).Select(line =>
            line.GetProperty("quality").GetProperty("area").GetProperty("mask")
        );
        var faithfulness = (await service.Client.SummaryAsync(id)).GetProperty("faithfulness");

        Assert.Equal("input_x_gradient", Text(faithfulness, "method"));
        Assert.Equal(Rows, faithfulness.GetProperty("rows").GetInt32());
        Assert.Equal(rows.Average(row => Number(row, "value")), Number(faithfulness, "area"), 1e-9);
        Assert.Equal(rows.Average(row => Number(row, "z")), Number(faithfulness, "z"), 1e-9);
        Assert.Equal(rows.Average(row => Number(row.GetProperty("random"), "mean")), Number(faithfulness, "random"), 1e-9);
    }

    [Theory]
    [InlineData("""{"endpoint": "/shap"}""", "request.endpoint")]
    [InlineData("""{"texts": ["a", "b"]}""", "request.texts")]
    [InlineData("""{"methods": [{"endpoint": "/lime"}]}""", "request.methods")]
    [InlineData("""{"rationale": [[0, 4]]}""", "request.rationale")]
    [InlineData("""{"methods": [{"endpoint": "/lime"}, {"scores": [{"start": 0, "end": 4, "score": 1}]}]}""", "request.methods[1].scores")]
    public async Task What_is_of_one_text_or_none_is_refused(string request, string field) =>
        Assert.Contains(
            field,
            await service.RefusedFieldsAsync("/jobs", $$"""{"kind": "compare", "input": {"texts": ["a"]}, "request": {{request}}}""", 400)
        );

    private static IEnumerable<string> Names(JsonElement comparison) =>
        Elements(comparison, "methods").Select(method => Text(method, "name"));

    /// <summary>Values, standard errors and standings under each replacement.</summary>
    private static double[] Figures(JsonElement method) =>
        [
            .. method
                .GetProperty("metrics")
                .GetProperty("area")
                .EnumerateObject()
                .SelectMany(figure => new[] { "value", "standard_error", "z" }.Select(name => Number(figure.Value, name))),
        ];

    private static bool Close(double one, double other) => Math.Abs(one - other) < 20 * Rounding;

    private static JsonElement[] Elements(JsonElement parent, string name) => [.. parent.GetProperty(name).EnumerateArray()];

    private static string Text(JsonElement parent, string name) => parent.GetProperty(name).GetString()!;

    private static double Number(JsonElement parent, string name) => parent.GetProperty(name).GetDouble();
}
