using System.Text.Json;
using ExplainService.Methods.Lime;
using ExplainService.Methods.Occlusion;
using ExplainService.Methods.Saliency;
using ExplainService.Methods.Shapley;
using ExplainService.Runtime;

namespace ExplainService.Api.Tests.Zoo;

/// <summary>Why this and not that, of answers to questions and of texts that are written.</summary>
public sealed class ContrastTaskTests(ZooService service) : IClassFixture<ZooService>
{
    private static readonly object First = new { span = new { start = 7, end = 8 } };
    private static readonly object Second = new { span = new { start = 11, end = 11 } };

    /// <summary>f of two spans is the sum of their logits' differences, in whichever method.</summary>
    [Fact]
    public async Task One_span_is_weighed_against_another_in_every_method()
    {
        var occlusion = await service.AskAsync<OcclusionAnswer>("/occlusion", Question(First, Second, "logit"));
        var (one, other) = (
            await service.AskAsync<OcclusionAnswer>("/occlusion", Question(First, null, "logit")),
            await service.AskAsync<OcclusionAnswer>("/occlusion", Question(Second, null, "logit"))
        );
        Assert.Equal(one.Value - other.Value, occlusion.Value, 1e-4);
        Assert.Equal(11, occlusion.Against!.Span!.Start);
        Near(one.Units.Scores().Zip(other.Units.Scores(), (a, b) => a - b), occlusion.Units.Scores(), 1e-4);

        var shap = await service.AskAsync<ShapAnswer>("/shap", Question(First, Second, null));
        Assert.Equal(Objective.LogProbability, shap.Objective);
        Assert.Equal(occlusion.Value, shap.Value, 1e-4);
        Assert.Equal(shap.Value - shap.BaseValue, shap.Units.Scores().Sum(), 1e-4);
        Assert.Equal(occlusion.Value, (await service.AskAsync<LimeAnswer>("/lime", Question(First, Second, null))).Value, 1e-4);

        var saliency = await SaliencyAsync(Question(First, Second, "logit"));
        Near(
            (await SaliencyAsync(Question(First, null, "logit"))).Zip(
                await SaliencyAsync(Question(Second, null, "logit")),
                (a, b) => a - b
            ),
            saliency,
            1e-3
        );
    }

    [Fact]
    public async Task Each_token_that_is_written_is_compared_with_that_in_its_place()
    {
        var (first, second) = (new { token_ids = new[] { 100, 200, 1 } }, new { token_ids = new[] { 300, 200, 1 } });
        var both = await SaliencyAsync(Written(first, second));
        var alone = (await SaliencyAsync(Written(first, null))).ToArray();
        Assert.Equal(alone.Length, both.Count());
        Assert.NotEqual(alone, both);
        var refused = await service.RefusedFieldsAsync("/occlusion", Written(first, new { token_ids = new[] { 300, 1 } }));
        Assert.Contains("against", refused);
    }

    [Theory]
    [InlineData("""{"label": "B-PER"}""", "against.label")]
    [InlineData("""{}""", "against")]
    [InlineData("""{"span": {"start": 7}}""", "against.span")]
    [InlineData("""{"span": {"start": 7, "end": 900}}""", "against.span.end")]
    public async Task What_is_no_other_span_is_refused_by_its_field(string against, string field)
    {
        var request = $$$"""
            {"model": "bert-qa", "text": "Where does Anna live?", "pair": "Anna lives in Berlin.", "target": {"span": {"start": 7, "end": 8}}, "against": {{{against}}}}
            """;
        Assert.Contains(field, await service.RefusedFieldsAsync("/occlusion", request));
    }

    private static object Question(object target, object? against, string? objective) =>
        new
        {
            model = "bert-qa",
            text = "Where does Anna live?",
            pair = "Anna lives in Berlin with her dog.",
            target,
            against,
            objective,
        };

    private static object Written(object target, object? against) =>
        new
        {
            model = "t5-s2s",
            text = "a gripping film",
            target,
            against,
        };

    private async Task<IEnumerable<double>> SaliencyAsync(object request)
    {
        var fields = JsonSerializer.SerializeToNode(request)!.AsObject();
        fields["method"] = "input_x_gradient";
        return (await service.AskAsync<SaliencyAnswer>("/saliency", fields)).Tokens.Scores();
    }

    private static void Near(IEnumerable<double> expected, IEnumerable<double> found, double tolerance) =>
        Assert.All(expected.Zip(found), pair => Assert.Equal(pair.First, pair.Second, tolerance));
}
