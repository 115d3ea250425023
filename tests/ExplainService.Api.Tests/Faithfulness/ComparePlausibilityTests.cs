using System.Text.Json;
using static ExplainService.Api.Tests.Faithfulness.Evaluations;

namespace ExplainService.Api.Tests.Faithfulness;

/// <summary>Methods beside what a person gives as reasons, on one text and on several.</summary>
public sealed class ComparePlausibilityTests(Service service) : IClassFixture<Service>
{
    private const string Review = "a gripping and funny film without one dull minute";

    private static readonly object[] Methods =
    [
        new { endpoint = "/occlusion" },
        new { endpoint = "/saliency", method = "input_x_gradient" },
    ];

    private static readonly string[] Parts = ["auprc", "token_f1", "iou_f1"];

    [Fact]
    public async Task Every_method_is_held_against_the_rationale_as_an_evaluation_of_it_is()
    {
        var rationale = Spans(Review, "gripping", "funny film");
        var answer = await service.AskAsync(
            "/compare",
            new
            {
                text = Review,
                methods = Methods,
                rationale,
            }
        );
        foreach (var (method, compared) in Methods.Zip(answer.GetProperty("methods").EnumerateArray()))
        {
            var own = await service.AskAsync(
                "/evaluate",
                new
                {
                    text = Review,
                    explanation = method,
                    rationale,
                }
            );
            var (one, other) = (PlausibilityOf(compared), Figures(own, "plausibility", "mask"));
            foreach (var part in Parts)
            {
                Near(Value(other, part), Value(one, part), part);
                Near(
                    other.GetProperty(part).GetProperty("random").GetProperty("mean").GetDouble(),
                    one.GetProperty(part).GetProperty("random").GetProperty("mean").GetDouble(),
                    part + " by chance"
                );
            }
        }

        // Named metrics are all that is measured, beside the area that methods are ranked by.
        var chosen = await service.AskAsync(
            "/compare",
            new
            {
                text = Review,
                methods = Methods,
                rationale,
                metrics = new[] { "plausibility" },
            }
        );
        Assert.Equal(
            ["area", "plausibility"],
            chosen.GetProperty("methods")[0].GetProperty("metrics").EnumerateObject().Select(metric => metric.Name).Order()
        );
    }

    [Fact]
    public async Task Over_texts_each_is_held_against_its_own_rationale_and_the_figure_is_their_mean()
    {
        string[] texts = [Review, "not a bad film", "the jokes are old and the plot is thin"];
        int[][][] rationales = [Spans(Review, "gripping", "dull"), [], Spans(texts[2], "old", "thin")];
        var answer = await service.AskAsync(
            "/compare",
            new
            {
                texts,
                methods = Methods,
                rationales,
                random_orders = 3,
            }
        );
        var figures = PlausibilityOf(answer.GetProperty("methods")[0]);
        foreach (var part in Parts)
        {
            var values = new List<double>();
            foreach (var index in new[] { 0, 2 })
            {
                var one = await service.AskAsync(
                    "/compare",
                    new
                    {
                        text = texts[index],
                        methods = Methods,
                        rationale = rationales[index],
                        random_orders = 3,
                    }
                );
                values.Add(Value(PlausibilityOf(one.GetProperty("methods")[0]), part));
            }

            Near(values.Average(), Value(figures, part), part);
            Near(
                Math.Abs(values[0] - values[1]) / 2,
                figures.GetProperty(part).GetProperty("standard_error").GetDouble(),
                part + "'s standard error"
            );
            Assert.Equal(2, figures.GetProperty(part).GetProperty("texts").GetInt32());
        }
    }

    [Theory]
    [InlineData("""{"text": "good", "rationale": [[3, 1]]}""", 400, "rationale[0]")]
    [InlineData("""{"text": "good", "rationale": []}""", 400, "rationale")]
    [InlineData("""{"text": "so  good", "rationale": [[2, 3]]}""", 422, "rationale")]
    [InlineData("""{"text": "good", "rationales": [[[0, 4]]]}""", 400, "rationales")]
    [InlineData("""{"texts": ["good", "bad"], "rationales": [[[0, 4]]]}""", 400, "rationales")]
    [InlineData("""{"texts": ["good", "bad"], "rationale": [[0, 3]]}""", 400, "rationale")]
    [InlineData("""{"texts": ["good", "bad"], "rationales": [[[0, 4]], [[0, 9]]], "random_orders": 0}""", 400, "rationales[1][0]")]
    public async Task A_rationale_that_cannot_be_is_refused_by_its_field(string request, int status, string field) =>
        Assert.Equal([field], await service.RefusedFieldsAsync("/compare", request, status));

    [Fact]
    public async Task A_rationale_that_no_metric_reads_is_told()
    {
        var rationale = Spans(Review, "gripping");
        string[] metrics = ["area"];
        Assert.Contains(
            "field_ignored",
            Codes(
                await service.AskAsync(
                    "/compare",
                    new
                    {
                        text = Review,
                        methods = Methods,
                        rationale,
                        metrics,
                    }
                )
            )
        );
        Assert.Contains(
            "field_ignored",
            Codes(
                await service.AskAsync(
                    "/evaluate",
                    new
                    {
                        text = Review,
                        rationale,
                        metrics,
                    }
                )
            )
        );
    }

    [Fact]
    public async Task Plausibility_without_a_rationale_is_left_out_and_said()
    {
        var answer = await service.AskAsync(
            "/compare",
            new
            {
                text = Review,
                methods = Methods,
                metrics = new[] { "plausibility" },
            }
        );
        Assert.Contains("metric_left_out", Codes(answer));
        Assert.False(answer.GetProperty("methods")[0].GetProperty("metrics").TryGetProperty("plausibility", out _));
    }

    private static JsonElement PlausibilityOf(JsonElement method) =>
        method.GetProperty("metrics").GetProperty("plausibility").GetProperty("mask");

    private static double Value(JsonElement figures, string part) => figures.GetProperty(part).GetProperty("value").GetDouble();

    private static int[][] Spans(string text, params string[] pieces) =>
        [
            .. pieces.Select(piece =>
                text.IndexOf(piece, StringComparison.Ordinal) is var start ? new[] { start, start + piece.Length } : []
            ),
        ];
}
