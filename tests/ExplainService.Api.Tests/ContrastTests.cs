using System.Net.Http.Json;
using ExplainService.Methods.Attention;
using ExplainService.Methods.Contracts;
using ExplainService.Methods.Occlusion;
using ExplainService.Methods.Saliency;
using ExplainService.Methods.Shapley;

namespace ExplainService.Api.Tests;

/// <summary>Why this and not that: f as the difference between two targets, in every method.</summary>
public sealed class ContrastTests(Service service) : IClassFixture<Service>
{
    private const string Text = "not a bad film, but a dull one";
    private static readonly object Positive = new { label = "positive" };
    private static readonly object Negative = new { label = "negative" };

    [Theory]
    [InlineData("logit", "logit")]
    [InlineData("log_probability", "log_probability")]
    [InlineData("probability", "log_probability")]
    [InlineData(null, "log_probability")]
    public async Task Of_two_classes_it_is_the_difference_of_their_logits(string? objective, string used)
    {
        var answer = await service.AskAsync<OcclusionAnswer>(
            "/occlusion",
            new
            {
                text = Text,
                target = Positive,
                against = Negative,
                objective,
            }
        );
        var logits = answer.Prediction!.Labels!.ToDictionary(label => label.Label, label => label.Logit!.Value);
        Assert.Equal(logits["positive"] - logits["negative"], answer.Value, 1e-4);
        Assert.Equal(used, EnumNames.Of(answer.Objective!.Value));
        Assert.Equal("negative", answer.Against!.Label);
        Assert.Equal("positive", answer.Target!.Label);
        var other = await service.AskAsync<OcclusionAnswer>(
            "/occlusion",
            new
            {
                text = Text,
                target = Negative,
                against = Positive,
                objective,
            }
        );
        Assert.All(answer.Units.Scores().Zip(other.Units.Scores()), pair => Assert.Equal(pair.First, -pair.Second, 1e-4));
    }

    [Theory]
    [InlineData("gradient_shap")]
    [InlineData("input_x_gradient")]
    [InlineData("integrated_gradients")]
    [InlineData("cp_lrp")]
    [InlineData("attn_lrp")]
    public async Task A_gradient_is_the_difference_of_gradients(string method)
    {
        var difference = await ScoresAsync(method, Positive, Negative);
        var (positive, negative) = (await ScoresAsync(method, Positive, null), await ScoresAsync(method, Negative, null));
        var largest = difference.Max(Math.Abs);
        Assert.All(difference.Zip(positive.Zip(negative, (a, b) => a - b)), pair => Assert.Equal(pair.Second, pair.First, 1e-3 * largest));
    }

    [Fact]
    public async Task Shapley_values_add_up_to_the_difference_and_attention_follows_it()
    {
        var shap = await service.AskAsync<ShapAnswer>(
            "/shap",
            new
            {
                text = Text,
                target = Positive,
                against = Negative,
            }
        );
        Assert.Equal(shap.Value - shap.BaseValue, shap.Units.Scores().Sum(), 1e-4);

        var relevance = await RelevanceAsync(Negative, "logit");
        var alone = await RelevanceAsync(null, "logit");
        Assert.NotEqual(relevance.Scores![1], alone.Scores![1], 1e-4);

        Task<AttentionAnswer> RelevanceAsync(object? against, string objective) =>
            service.AskAsync<AttentionAnswer>(
                "/attention",
                new
                {
                    text = Text,
                    aggregate = "gradient_relevance",
                    target = Positive,
                    against,
                    objective,
                }
            );
    }

    [Fact]
    public async Task Each_generated_token_is_compared_with_another_in_its_place()
    {
        async Task<SaliencyAnswer> AskAsync(object target, object? against) =>
            await service.AskAsync<SaliencyAnswer>(
                "/saliency",
                new
                {
                    model = "gpt-reviews",
                    text = "This movie is",
                    method = "input_x_gradient",
                    objective = "logit",
                    target,
                    against,
                }
            );
        var (good, bad) = (new { continuation = " good" }, new { continuation = " bad" });
        var next = await AskAsync(good, bad);
        var apart = (await AskAsync(good, null)).Units.Scores().Zip((await AskAsync(bad, null)).Units.Scores(), (a, b) => a - b);
        Assert.All(apart.Zip(next.Units.Scores()), pair => Assert.Equal(pair.First, pair.Second, 1e-3));
        Assert.Equal(" bad", next.Against!.Text);

        var two = await AskAsync(new { continuation = " very good" }, new { continuation = " not bad" });
        Assert.Equal(2, two.Generated!.Count);
        Assert.All(
            two.Units.Scores().Index(),
            unit => Assert.Equal(two.Generated.Sum(token => token.Scores![two.Units[unit.Index].Tokens[0]]), unit.Item, 1e-4)
        );
    }

    [Theory]
    [InlineData("""{"text": "a", "against": {"label": "neutral"}}""", "against.label")]
    [InlineData("""{"text": "a", "against": {}}""", "against")]
    [InlineData("""{"text": "a", "against": {"token": 1}}""", "against.token")]
    [InlineData(
        """{"text": "This movie is", "model": "gpt-reviews", "target": {"continuation": " very good"}, "against": {"continuation": " bad"}}""",
        "against"
    )]
    public async Task What_cannot_be_compared_is_refused_by_its_field(string request, string field)
    {
        var problem = await service.RefuseAsync("/occlusion", request, 422);
        Assert.Contains(field, problem.Errors!.Keys);
    }

    [Fact]
    public async Task A_picture_says_what_the_target_is_compared_with()
    {
        using var content = JsonContent.Create(
            new
            {
                text = Text,
                method = "cp_lrp",
                target = Positive,
                against = Negative,
            }
        );
        using var response = await service.Client.PostAsync(new Uri("/saliency?format=svg", UriKind.Relative), content);
        Assert.Contains(
            "Relevance (CP-LRP): what speaks for “positive” rather than “negative”",
            await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken),
            StringComparison.Ordinal
        );
    }

    private async Task<double[]> ScoresAsync(string method, object target, object? against) =>
        (
            await service.AskAsync<SaliencyAnswer>(
                "/saliency",
                new
                {
                    text = Text,
                    method,
                    objective = "logit",
                    target,
                    against,
                    steps = method == "integrated_gradients" ? 20 : (int?)null,
                }
            )
        ).Tokens.Scores();
}
