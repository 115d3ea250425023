using System.Text.Json;
using ExplainService.Methods.Contracts;
using ExplainService.Methods.Occlusion;
using ExplainService.Methods.Saliency;
using ExplainService.Methods.Shapley;

namespace ExplainService.Api.Tests;

/// <summary>What an answer took, and what became of a budget.</summary>
public sealed class BudgetTests(Service service) : IClassFixture<Service>
{
    private const string TwoSentences = "A good film. I loved it very much.";

    [Fact]
    public async Task Occlusion_counts_the_whole_text_once()
    {
        var answer = await service.AskAsync<OcclusionAnswer>("/occlusion", new { text = "entirely unseen words here zebra" });
        Assert.Equal(6, answer.Evaluations);
    }

    [Theory]
    [InlineData(14)]
    [InlineData(20)]
    [InlineData(60)]
    public async Task A_small_budget_is_spent_inside_the_strongest_sentence(int budget)
    {
        var answer = await HierarchyAsync("/shap", TwoSentences, new { max_evaluations = budget });
        Assert.InRange(answer.Evaluations!.Value, budget / 2, budget);
        var strongest = answer.Units.MaxBy(unit => Math.Abs(Score(unit)))!;
        Assert.Equal(Score(strongest), strongest.Units!.Scores().Sum(), 1e-9);
    }

    [Fact]
    public async Task A_long_sentence_is_opened_with_fewer_evaluations_than_it_has_words()
    {
        var words = string.Join(' ', Enumerable.Repeat("the plot of this film is thin but I liked every minute", 7));
        var answer = await HierarchyAsync("/shap", words, new { max_evaluations = 60 });
        Assert.InRange(answer.Evaluations!.Value, 50, 60);
        var sentence = answer.Units[0];
        Assert.Equal(84, sentence.Units!.Count);
        Assert.Contains("share its worth equally", answer.WarningOf("groups_not_opened"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/shap", "max_evaluations", 5)]
    [InlineData("/lime", "samples", 8)]
    public async Task What_a_budget_did_not_open_is_said(string path, string field, int budget)
    {
        var answer = await HierarchyAsync(path, TwoSentences, new Dictionary<string, int> { [field] = budget });
        Assert.InRange(answer.Evaluations!.Value, 1, budget);
        var warning = answer.WarningOf("parts_not_scored");
        Assert.Contains("told nothing of the parts", warning, StringComparison.Ordinal);
        Assert.EndsWith($"Raise {field}.", warning, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("exact", 500, false)]
    [InlineData("exact", 30, true)]
    [InlineData("auto", 30, true)]
    [InlineData("permutation", 30, false)]
    public async Task An_exact_answer_says_where_it_is_an_estimate(string algorithm, int budget, bool said)
    {
        var answer = await HierarchyAsync("/shap", TwoSentences, new { algorithm, max_evaluations = budget });
        Assert.Equal(said, answer.WarningCodes.Contains("exact_for_top_level"));
    }

    [Fact]
    public async Task Words_of_a_generation_have_the_sum_of_what_they_have_for_its_tokens()
    {
        var answer = await service.AskAsync<ShapAnswer>(
            "/shap",
            new
            {
                model = "gpt-reviews",
                text = "I loved this film because the story was good and the actors were great",
                target = new { continuation = " and fun" },
                algorithm = "kernel",
                max_evaluations = 33,
            }
        );
        var tokens = answer.Generated!.Select(token => token.Scores!).ToArray();
        Assert.All(answer.Units, unit => Assert.Equal(unit.Tokens.Sum(token => tokens.Sum(scores => scores[token])), Score(unit), 1e-6));
        Assert.Equal(answer.Value, answer.BaseValue + answer.Units.Scores().Sum(), 1e-6);
    }

    [Fact]
    public async Task Own_spans_of_a_long_text_are_changed_one_by_one()
    {
        var words = string.Join(' ', Enumerable.Repeat("good", 700));
        var spans = Enumerable.Range(0, 700).Select(word => new[] { 5 * word, (5 * word) + 4 }).ToArray();
        var answer = await service.AskAsync<OcclusionAnswer>(
            "/occlusion",
            new
            {
                text = words,
                overflow = "window",
                spans,
                precision = "fast",
            }
        );
        Assert.DoesNotContain("units_grouped", answer.WarningCodes);
        Assert.Equal(701, answer.Evaluations);
    }

    [Fact]
    public async Task A_baseline_with_noise_has_no_completeness_and_leaves_special_tokens_alone()
    {
        var answer = await service.AskAsync<SaliencyAnswer>(
            "/saliency",
            new
            {
                text = "not bad at all",
                method = "gradient_shap",
                noise = 0.1,
                samples = 5,
            }
        );
        Assert.Null(answer.CompletenessError);
        var scores = answer.Tokens.Scores();
        Assert.Equal(0, scores[0]);
        Assert.Equal(0, scores[^1]);
        Assert.NotEqual(0, scores[2]);
    }

    [Theory]
    [InlineData(1, 400, "pair")]
    [InlineData(300, 400, "pair")]
    [InlineData(400, 300, "text")]
    [InlineData(400, 1, "text")]
    public async Task The_longer_of_two_texts_is_the_one_that_is_too_long(int ofText, int ofPair, string field)
    {
        var (text, pair) = (Films(ofText), Films(ofPair));
        var problem = await service.RefuseAsync("/predict", new { text, pair });
        Assert.Equal([field], problem.Errors!.Keys);

        static string Films(int count) => string.Concat(Enumerable.Repeat("good film ", count));
    }

    [Theory]
    [InlineData("/shap?fromat=svg", "fromat")]
    [InlineData("/predict?foo=1", "foo")]
    public async Task A_misspelt_query_parameter_is_refused(string path, string name)
    {
        var problem = await service.RefuseAsync(path, """{"text": "a fine film"}""", 400);
        Assert.Equal([name], problem.Errors!.Keys);
    }

    private Task<UnitExplanation> HierarchyAsync<TOptions>(string path, string text, TOptions options)
    {
        var request = JsonSerializer.SerializeToNode(options)!.AsObject();
        request["text"] = text;
        request["granularity"] = JsonSerializer.SerializeToNode(new[] { "sentence", "word" });
        return service.AskAsync<UnitExplanation>(path, request);
    }

    private static double Score(UnitAnswer unit) => unit.Score!.Value;
}
