using System.Text.Json;

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
        var answer = await service.AskAsync(
            "/permutation",
            new
            {
                text = Text,
                granularity,
                samples = 4,
            }
        );
        var units = answer.GetProperty("units").EnumerateArray().ToArray();
        var draws = Math.Min(4, units.Length - 1);
        Assert.Equal(1 + (draws * units.Length), answer.GetProperty("evaluations").GetInt32());
        Assert.All(units, unit => Assert.True(unit.GetProperty("standard_error").GetDouble() >= 0));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_single_draw_has_no_standard_error_and_the_answer_says_why(int samples)
    {
        var answer = await service.AskAsync("/permutation", new { text = Text, samples });
        Assert.All(
            answer.GetProperty("units").EnumerateArray(),
            unit => Assert.Equal(samples > 1, unit.TryGetProperty("standard_error", out _))
        );
        Assert.Equal(samples == 1, answer.WarningCodes().Contains("no_standard_error"));
    }

    [Fact]
    public async Task A_background_of_one_word_is_what_it_says()
    {
        const string Sentence = "a dull film";
        var answer = await service.AskAsync("/permutation", new { text = Sentence, background = new[] { "brilliant" } });
        var whole = await ProbabilityAsync(Sentence);
        var expected = new[] { "brilliant dull film", "a brilliant film", "a dull brilliant" };
        for (var i = 0; i < expected.Length; i++)
        {
            var unit = answer.GetProperty("units")[i];
            Assert.Equal(whole - await ProbabilityAsync(expected[i]), unit.GetProperty("score").GetDouble(), 1e-5);
            Assert.Equal(0, unit.GetProperty("standard_error").GetDouble());
        }

        async Task<double> ProbabilityAsync(string text) =>
            (await service.AskAsync("/predict", new { text }))
                .GetProperty("prediction")
                .GetProperty("labels")[0]
                .GetProperty("probability")
                .GetDouble();
    }

    [Fact]
    public async Task Units_of_several_tokens_are_replaced_by_longer_and_shorter_ones()
    {
        var answer = await service.AskAsync(
            "/occlusion",
            new
            {
                text = "a dull film",
                replacement = new { text = "utterly mesmerizing" },
                objective = "logit",
            }
        );
        var expected = await service.AskAsync("/predict", new { text = "a utterly mesmerizing film" });
        Assert.Equal(
            answer.GetProperty("value").GetDouble() - answer.GetProperty("units")[1].GetProperty("score").GetDouble(),
            expected.GetProperty("prediction").GetProperty("labels")[0].GetProperty("logit").GetDouble(),
            1e-4
        );
    }

    [Theory]
    [InlineData("{\"text\": \"word\"}", 422, "text")]
    [InlineData("{\"text\": \"word\", \"granularity\": [\"sentence\", \"word\"]}", 422, "text")]
    [InlineData("{\"text\": \"two words\", \"background\": []}", 400, "background")]
    [InlineData("{\"text\": \"two words\", \"background\": [\" \"]}", 400, "background")]
    [InlineData("{\"text\": \"two words\", \"samples\": 0}", 400, "samples")]
    public async Task Permutation_says_what_it_cannot_draw(string request, int status, string field)
    {
        var (found, body) = await service.PostAsync("/permutation", request);
        Assert.Equal(status, found);
        Assert.True(body.GetProperty("errors").TryGetProperty(field, out _));
    }

    [Fact]
    public async Task A_hierarchy_adds_up_at_every_level_and_its_coarse_units_are_those_of_the_coarse_level_alone()
    {
        var answer = await service.AskAsync(
            "/shap",
            new
            {
                text = Text,
                granularity = new[] { "sentence", "word" },
                max_evaluations = 200,
            }
        );
        var alone = await service.AskAsync("/shap", new { text = Text, granularity = "sentence" });
        Assert.Equal("sentence/word", answer.GetProperty("granularity").GetString());
        Assert.InRange(answer.GetProperty("evaluations").GetInt32(), 100, 200);
        Near(Scores(alone.GetProperty("units")), Scores(answer.GetProperty("units")), 1e-5);
        Assert.Equal(
            answer.GetProperty("value").GetDouble() - answer.GetProperty("base_value").GetDouble(),
            Scores(answer.GetProperty("units")).Sum(),
            1e-6
        );
        var opened = answer.GetProperty("units").EnumerateArray().Where(unit => unit.TryGetProperty("units", out _)).ToArray();
        Assert.NotEmpty(opened);
        Assert.All(
            opened,
            unit =>
            {
                Assert.Equal(unit.GetProperty("score").GetDouble(), Scores(unit.GetProperty("units")).Sum(), 1e-6);
                Assert.All(
                    unit.GetProperty("units").EnumerateArray(),
                    part =>
                        Assert.InRange(
                            part.GetProperty("start").GetInt32(),
                            unit.GetProperty("start").GetInt32(),
                            unit.GetProperty("end").GetInt32() - 1
                        )
                );
            }
        );

        // The strongest is opened before any other.
        Assert.Contains(
            answer
                .GetProperty("units")
                .EnumerateArray()
                .MaxBy(unit => Math.Abs(unit.GetProperty("score").GetDouble()))
                .GetProperty("start")
                .GetInt32(),
            opened.Select(unit => unit.GetProperty("start").GetInt32())
        );
    }

    [Theory]
    [InlineData("/occlusion")]
    [InlineData("/permutation")]
    [InlineData("/lime")]
    [InlineData("/saliency")]
    public async Task Every_method_that_takes_a_granularity_takes_several(string path)
    {
        var answer = await service.AskAsync(
            path,
            new { text = Text + "\n\nGo and see it.", granularity = new[] { "paragraph", "sentence", "token" } }
        );
        Assert.Equal(2, answer.GetProperty("units").GetArrayLength());
        var paragraph = answer.GetProperty("units")[0];
        Assert.Equal(3, paragraph.GetProperty("units").GetArrayLength());
        Assert.Contains(
            paragraph.GetProperty("units").EnumerateArray(),
            sentence => sentence.TryGetProperty("units", out var tokens) && tokens.GetArrayLength() > 3
        );
    }

    [Fact]
    public async Task A_single_sentence_has_no_other_to_take_its_place_but_its_words_have()
    {
        const string Sentence = "a gripping, funny film";
        var answer = await service.AskAsync(
            "/permutation",
            new
            {
                text = Sentence,
                granularity = new[] { "paragraph", "sentence", "word" },
                samples = 2,
                target = new { labels = "all" },
            }
        );
        var words = await service.AskAsync(
            "/permutation",
            new
            {
                text = Sentence,
                samples = 2,
                target = new { labels = "all" },
            }
        );
        var paragraph = Assert.Single(answer.GetProperty("units").EnumerateArray());
        var sentence = Assert.Single(paragraph.GetProperty("units").EnumerateArray());
        Assert.False(paragraph.TryGetProperty("score", out _));
        Assert.False(sentence.TryGetProperty("score", out _));
        Near(Scores(words.GetProperty("units")), Scores(sentence.GetProperty("units")), 1e-5);
        Near(
            [.. words.GetProperty("labels")[1].GetProperty("scores").EnumerateArray().Select(score => score.GetDouble())],
            [.. answer.GetProperty("labels")[1].GetProperty("scores").EnumerateArray().Select(score => score.GetDouble())],
            1e-5
        );
        Assert.Equal(words.GetProperty("evaluations").GetInt32(), answer.GetProperty("evaluations").GetInt32());
        Assert.Equal(["single_unit", "single_unit"], answer.WarningCodes());
        Assert.Equal(["paragraph", "sentence"], answer.Warnings().Select(warning => warning.Split(',')[0].Split(' ')[^1]));
    }

    [Fact]
    public async Task With_a_background_a_single_sentence_has_a_score_too()
    {
        var answer = await service.AskAsync(
            "/permutation",
            new
            {
                text = "a dull film",
                granularity = new[] { "sentence", "word" },
                background = new[] { "I liked it.", "Brilliant." },
            }
        );
        Assert.NotEqual(0, answer.GetProperty("units")[0].GetProperty("score").GetDouble());
        Assert.Empty(answer.Warnings());
    }

    [Fact]
    public async Task Interactions_say_whether_they_are_counted_or_estimated()
    {
        var counted = await service.AskAsync("/shap", new { text = "not a dull film", interactions = true });
        Assert.Empty(counted.Warnings());
        var estimated = await service.AskAsync(
            "/shap",
            new
            {
                text = Text,
                interactions = true,
                max_evaluations = 100,
            }
        );
        Assert.Contains("interactions_estimated", estimated.WarningCodes());
        var (status, _) = await service.PostAsync("/shap", $$"""{"text": "{{Text}}", "interactions": true, "algorithm": "partition"}""");
        Assert.Equal(422, status);
    }

    [Theory]
    [InlineData("auto", 500, "kernel")]
    [InlineData("auto", 20, "partition")]
    [InlineData("kernel", 33, "kernel")]
    [InlineData("permutation", 47, "permutation")]
    [InlineData("partition", 21, "partition")]
    public async Task The_budget_is_never_exceeded_and_the_algorithm_is_named(string algorithm, int budget, string expected)
    {
        var answer = await service.AskAsync(
            "/shap",
            new
            {
                text = Text,
                algorithm,
                max_evaluations = budget,
            }
        );
        Assert.Equal(expected, answer.GetProperty("algorithm").GetString());
        Assert.InRange(answer.GetProperty("evaluations").GetInt32(), 2, budget);
        Assert.Equal(
            answer.GetProperty("value").GetDouble() - answer.GetProperty("base_value").GetDouble(),
            Scores(answer.GetProperty("units")).Sum(),
            1e-6
        );
    }

    [Theory]
    [InlineData("/shap")]
    [InlineData("/lime")]
    [InlineData("/occlusion")]
    [InlineData("/permutation")]
    public async Task Every_class_at_once_costs_what_one_costs_and_says_the_same(string path)
    {
        var all = await service.AskAsync(path, new { text = Text, target = new { labels = "all" } });
        var labels = all.GetProperty("labels").EnumerateArray().ToArray();
        Assert.Equal(2, labels.Length);
        foreach (var label in labels)
        {
            var one = await service.AskAsync(path, new { text = Text, target = new { label = label.GetProperty("label").GetString() } });
            Assert.Equal(one.GetProperty("evaluations").GetInt32(), all.GetProperty("evaluations").GetInt32());
            Near(
                Scores(one.GetProperty("units")),
                [.. label.GetProperty("scores").EnumerateArray().Select(score => score.GetDouble())],
                1e-5
            );
            foreach (var field in path == "/lime" ? new[] { "intercept", "r2" } : [])
            {
                Assert.Equal(one.GetProperty(field).GetDouble(), label.GetProperty(field).GetDouble(), 1e-5);
            }
        }
    }

    private static double[] Scores(JsonElement units) => [.. units.EnumerateArray().Select(unit => unit.GetProperty("score").GetDouble())];

    private static void Near(double[] expected, double[] actual, double tolerance) =>
        Assert.Equal(expected, actual, (a, b) => Math.Abs(a - b) <= tolerance);
}
