using ExplainService.Methods.Contracts;
using ExplainService.Methods.Lime;
using ExplainService.Methods.Occlusion;
using ExplainService.Methods.Permutation;
using ExplainService.Methods.Predictions;
using ExplainService.Methods.Shapley;

namespace ExplainService.Api.Tests;

/// <summary>Black-box endpoints over the bundled model: what their options do and how their numbers hang together.</summary>
public sealed class BlackBoxTests(Service service) : IClassFixture<Service>
{
    private const string Text = "A gripping, funny film! But the end is dull. I liked it.";

    [Theory]
    [InlineData("token")]
    [InlineData("word")]
    [InlineData("sentence")]
    public async Task Permutation_replaces_units_by_others_of_the_text(string granularity)
    {
        var answer = await service.AskAsync<PermutationAnswer>(
            "/permutation",
            new
            {
                text = Text,
                granularity,
                samples = 4,
            }
        );
        var units = answer.Units.ToArray();
        var draws = Math.Min(4, units.Length - 1);
        Assert.Equal(1 + (draws * units.Length), answer.Evaluations);
        Assert.All(units, unit => Assert.True(unit.StandardError!.Value >= 0));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_single_draw_has_no_standard_error_and_the_answer_says_why(int samples)
    {
        var answer = await service.AskAsync<PermutationAnswer>("/permutation", new { text = Text, samples });
        Assert.All(answer.Units, unit => Assert.Equal(samples > 1, unit.StandardError is not null));
        Assert.Equal(samples == 1, answer.WarningCodes.Contains("no_standard_error"));
    }

    [Fact]
    public async Task A_background_of_one_word_is_what_it_says()
    {
        const string Sentence = "a dull film";
        var answer = await service.AskAsync<PermutationAnswer>("/permutation", new { text = Sentence, background = new[] { "brilliant" } });
        var whole = await ProbabilityAsync(Sentence);
        var expected = new[] { "brilliant dull film", "a brilliant film", "a dull brilliant" };
        for (var i = 0; i < expected.Length; i++)
        {
            var unit = answer.Units[i];
            Assert.Equal(whole - await ProbabilityAsync(expected[i]), unit.Score!.Value, 1e-5);
            Assert.Equal(0, unit.StandardError!.Value);
        }

        async Task<double> ProbabilityAsync(string text) =>
            (await service.AskAsync<PredictAnswer>("/predict", new { text })).Prediction!.Labels![0].Probability!.Value;
    }

    [Fact]
    public async Task Units_of_several_tokens_are_replaced_by_longer_and_shorter_ones()
    {
        var answer = await service.AskAsync<OcclusionAnswer>(
            "/occlusion",
            new
            {
                text = "a dull film",
                replacement = new { text = "utterly mesmerizing" },
                objective = "logit",
            }
        );
        var expected = await service.AskAsync<PredictAnswer>("/predict", new { text = "a utterly mesmerizing film" });
        Assert.Equal(answer.Value - answer.Units[1].Score!.Value, expected.Prediction!.Labels![0].Logit!.Value, 1e-4);
    }

    [Theory]
    [InlineData("{\"text\": \"word\"}", 422, "text")]
    [InlineData("{\"text\": \"word\", \"granularity\": [\"sentence\", \"word\"]}", 422, "text")]
    [InlineData("{\"text\": \"two words\", \"background\": []}", 400, "background")]
    [InlineData("{\"text\": \"two words\", \"background\": [\" \"]}", 400, "background")]
    [InlineData("{\"text\": \"two words\", \"samples\": 0}", 400, "samples")]
    public async Task Permutation_says_what_it_cannot_draw(string request, int status, string field)
    {
        var problem = await service.RefuseAsync("/permutation", request, status);
        Assert.Contains(field, problem.Errors!.Keys);
    }

    [Fact]
    public async Task A_hierarchy_adds_up_at_every_level_and_its_coarse_units_are_those_of_the_coarse_level_alone()
    {
        var answer = await service.AskAsync<ShapAnswer>(
            "/shap",
            new
            {
                text = Text,
                granularity = new[] { "sentence", "word" },
                max_evaluations = 200,
            }
        );
        var alone = await service.AskAsync<ShapAnswer>("/shap", new { text = Text, granularity = "sentence" });
        Assert.Equal("sentence/word", answer.Granularity);
        Assert.InRange(answer.Evaluations!.Value, 100, 200);
        Near(alone.Units.Scores(), answer.Units.Scores(), 1e-5);
        Assert.Equal(answer.Value - answer.BaseValue, answer.Units.Scores().Sum(), 1e-6);
        var opened = answer.Units.Where(unit => unit.Units is not null).ToArray();
        Assert.NotEmpty(opened);
        Assert.All(
            opened,
            unit =>
            {
                Assert.Equal(unit.Score!.Value, unit.Units!.Scores().Sum(), 1e-6);
                Assert.All(unit.Units!, part => Assert.InRange(part.Start, unit.Start, unit.End - 1));
            }
        );

        // The strongest is opened before any other.
        Assert.Contains(answer.Units.MaxBy(unit => Math.Abs(unit.Score!.Value))!.Start, opened.Select(unit => unit.Start));
    }

    [Theory]
    [MemberData(nameof(CataloguePaths.ScoringUnits), MemberType = typeof(CataloguePaths))]
    public async Task Every_method_that_takes_a_granularity_takes_several(string path)
    {
        var answer = await service.AskAsync<UnitExplanation>(
            path,
            new { text = Text + "\n\nGo and see it.", granularity = new[] { "paragraph", "sentence", "token" } }
        );
        Assert.Equal(2, answer.Units.Count);
        var paragraph = answer.Units[0];
        Assert.Equal(3, paragraph.Units!.Count);
        Assert.Contains(paragraph.Units!, sentence => sentence.Units is { Count: > 3 });
    }

    [Fact]
    public async Task A_single_sentence_has_no_other_to_take_its_place_but_its_words_have()
    {
        const string Sentence = "a gripping, funny film";
        var answer = await service.AskAsync<PermutationAnswer>(
            "/permutation",
            new
            {
                text = Sentence,
                granularity = new[] { "paragraph", "sentence", "word" },
                samples = 2,
                target = new { labels = "all" },
            }
        );
        var words = await service.AskAsync<PermutationAnswer>(
            "/permutation",
            new
            {
                text = Sentence,
                samples = 2,
                target = new { labels = "all" },
            }
        );
        var paragraph = Assert.Single(answer.Units);
        var sentence = Assert.Single(paragraph.Units!);
        Assert.Null(paragraph.Score);
        Assert.Null(sentence.Score);
        Near(words.Units.Scores(), sentence.Units!.Scores(), 1e-5);
        Near(words.Labels![1].Scores!, answer.Labels![1].Scores!, 1e-5);
        Assert.Equal(words.Evaluations, answer.Evaluations);
        Assert.Equal(["single_unit", "single_unit"], answer.WarningCodes);
        Assert.Equal(["paragraph", "sentence"], answer.Warnings.Select(warning => warning.Split(',')[0].Split(' ')[^1]));
    }

    [Fact]
    public async Task With_a_background_a_single_sentence_has_a_score_too()
    {
        var answer = await service.AskAsync<PermutationAnswer>(
            "/permutation",
            new
            {
                text = "a dull film",
                granularity = new[] { "sentence", "word" },
                background = new[] { "I liked it.", "Brilliant." },
            }
        );
        Assert.NotEqual(0, answer.Units[0].Score!.Value);
        Assert.Empty(answer.Warnings);
    }

    [Fact]
    public async Task Interactions_say_whether_they_are_counted_or_estimated()
    {
        var counted = await service.AskAsync<ShapAnswer>("/shap", new { text = "not a dull film", interactions = true });
        Assert.Empty(counted.Warnings);
        var estimated = await service.AskAsync<ShapAnswer>(
            "/shap",
            new
            {
                text = Text,
                interactions = true,
                max_evaluations = 100,
            }
        );
        Assert.Contains("interactions_estimated", estimated.WarningCodes);
        await service.RefuseAsync("/shap", $$"""{"text": "{{Text}}", "interactions": true, "algorithm": "partition"}""");
    }

    [Fact]
    public async Task Interactions_of_three_are_listed_beside_those_of_two_strongest_first()
    {
        var answer = await service.AskAsync<ShapAnswer>("/shap", new { text = "not a very good film", interactions = 3 });
        Assert.Equal(answer.Units.Count, answer.Interactions!.Length);
        var triples = answer.TripleInteractions!;
        Assert.NotEmpty(triples);
        Assert.Equal(triples.OrderByDescending(triple => Math.Abs(triple.Score)), triples);
        Assert.All(triples, triple => Assert.True(triple.Units is [var i, var j, var k] && i < j && j < k && k < answer.Units.Count));
        Assert.Null(
            (await service.AskAsync<ShapAnswer>("/shap", new { text = "not a very good film", interactions = 2 })).TripleInteractions
        );
        await service.RefuseAsync("/shap", """{"text": "a film", "interactions": 4}""", 400);
        var words = string.Join(' ', Enumerable.Repeat("film", 65));
        Assert.Contains("interactions", await service.RefusedFieldsAsync("/shap", new { text = words, interactions = 3 }));
    }

    [Theory]
    [InlineData("auto", 500, "kernel")]
    [InlineData("auto", 20, "partition")]
    [InlineData("kernel", 33, "kernel")]
    [InlineData("permutation", 47, "permutation")]
    [InlineData("partition", 21, "partition")]
    public async Task The_budget_is_never_exceeded_and_the_algorithm_is_named(string algorithm, int budget, string expected)
    {
        var answer = await service.AskAsync<ShapAnswer>(
            "/shap",
            new
            {
                text = Text,
                algorithm,
                max_evaluations = budget,
            }
        );
        Assert.Equal(expected, answer.Algorithm);
        Assert.InRange(answer.Evaluations!.Value, 2, budget);
        Assert.Equal(answer.Value - answer.BaseValue, answer.Units.Scores().Sum(), 1e-6);
    }

    [Theory]
    [MemberData(nameof(CataloguePaths.ChangingTexts), MemberType = typeof(CataloguePaths))]
    public async Task Every_class_at_once_costs_what_one_costs_and_says_the_same(string path)
    {
        var all = await service.AskAsync<UnitExplanation>(path, new { text = Text, target = new { labels = "all" } });
        var labels = all.Labels!.ToArray();
        Assert.Equal(2, labels.Length);
        foreach (var label in labels)
        {
            var one = await service.AskAsync<UnitExplanation>(path, new { text = Text, target = new { label = label.Label } });
            Assert.Equal(one.Evaluations, all.Evaluations);
            Near(one.Units.Scores(), label.Scores, 1e-5);
            if (one is LimeAnswer surrogate)
            {
                Assert.Equal(surrogate.Intercept, label.Intercept!.Value, 1e-5);
                Assert.Equal(surrogate.R2, label.R2!.Value, 1e-5);
            }
        }
    }

    private static void Near(double[] expected, double[] actual, double tolerance) =>
        Assert.Equal(expected, actual, (a, b) => Math.Abs(a - b) <= tolerance);
}
