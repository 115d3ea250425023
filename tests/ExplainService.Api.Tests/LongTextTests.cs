using System.Text.Json;
using ExplainService.Goldens;

namespace ExplainService.Api.Tests;

/// <summary>Texts over the model's limit, read in windows.</summary>
public sealed class LongTextTests(Service service) : IClassFixture<Service>
{
    /// <summary>Real reviews, one after another, up to so many words.</summary>
    public static string Review(int words) =>
        string.Join(
            ' ',
            File.ReadLines(ReferenceData.PathOf("texts", "imdb-300.jsonl"))
                .Select(line => JsonDocument.Parse(line).RootElement.GetProperty("text").GetString()!)
                .SelectMany(text => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
                .Take(words)
        );

    [Theory]
    [InlineData("/occlusion", "{}")]
    [InlineData("/permutation", """{"samples": 1}""")]
    [InlineData("/shap", """{"max_evaluations": 20}""")]
    [InlineData("/lime", """{"samples": 4}""")]
    public async Task Every_word_of_the_whole_text_gets_a_score(string path, string options)
    {
        var text = Review(700);
        var request = JsonSerializer.Deserialize<Dictionary<string, object>>(options)!;
        (request["text"], request["overflow"], request["granularity"]) = (
            text,
            "window",
            path is "/occlusion" or "/permutation" ? "sentence" : "word"
        );
        var answer = await service.AskAsync(path, request);
        var units = answer.GetProperty("units").EnumerateArray().ToArray();
        Assert.Equal(text.Length, units[^1].GetProperty("end").GetInt32());
        Assert.All(
            units,
            unit =>
                Assert.Equal(
                    text[unit.GetProperty("start").GetInt32()..unit.GetProperty("end").GetInt32()],
                    unit.GetProperty("text").GetString()
                )
        );
        var covered = units.Sum(unit => unit.GetProperty("text").GetString()!.Count(character => !char.IsWhiteSpace(character)));
        Assert.Equal(text.Count(character => !char.IsWhiteSpace(character)), covered);
        Assert.EndsWith(
            "overlapping windows whose scores are combined by their mean.",
            answer.WarningOf("text_in_windows"),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_window_s_drop_is_that_of_the_whole_text_divided_by_the_number_of_windows()
    {
        // The first sentence is in the first window only: removing it leaves the other windows as they are.
        var text = Review(700);
        var spans = new[] { new[] { 0, text.IndexOf(". ", StringComparison.Ordinal) } };
        var mean = await service.AskAsync(
            "/occlusion",
            new
            {
                text,
                overflow = "window",
                spans,
            }
        );
        var windows = await WindowsAsync(text);
        var first = await service.AskAsync(
            "/occlusion",
            new
            {
                text = windows[0],
                overflow = "truncate",
                spans,
                target = mean.GetProperty("target").GetProperty("label").GetString() is { } label ? new { label } : null,
            }
        );
        Assert.Equal(
            first.GetProperty("units")[0].GetProperty("score").GetDouble() / windows.Count,
            mean.GetProperty("units")[0].GetProperty("score").GetDouble(),
            2e-3
        );

        // The whole text and one that was changed, however many windows they have.
        Assert.Equal(2, mean.GetProperty("evaluations").GetInt32());
    }

    [Fact]
    public async Task Thousands_of_words_are_perturbed_in_groups_unless_single_ones_are_asked_for()
    {
        var answer = await service.AskAsync(
            "/shap",
            new
            {
                text = Review(1500),
                overflow = "window",
                max_evaluations = 12,
                window_reduction = "max",
            }
        );
        Assert.Equal("partition", answer.GetProperty("algorithm").GetString());
        Assert.True(answer.GetProperty("units").GetArrayLength() > 1500);
        Assert.Contains("maximum", answer.WarningOf("text_in_windows"), StringComparison.Ordinal);
        Assert.Contains("share its worth equally", answer.WarningOf("groups_not_opened"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Too_few_evaluations_for_so_many_units_are_said_to_be()
    {
        var answer = await service.AskAsync(
            "/shap",
            new
            {
                text = Review(700),
                overflow = "window",
                algorithm = "permutation",
                max_evaluations = 12,
            }
        );
        Assert.StartsWith("12 evaluations for", answer.WarningOf("few_evaluations"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task More_samples_are_finer_scores_and_not_coarser_units()
    {
        var text = Review(700);
        await service.AskAsync("/predict", new { text, overflow = "window" });
        var answer = await service.AskAsync(
            "/permutation",
            new
            {
                text,
                overflow = "window",
                granularity = "sentence",
                samples = 10_000,
                deadline_ms = 5000,
            }
        );
        Assert.DoesNotContain("units_grouped", answer.WarningCodes());
        var scores = answer.GetProperty("units").EnumerateArray().Select(unit => unit.GetProperty("score").GetDouble()).ToArray();
        Assert.Equal(scores.Length, scores.Distinct().Count());
    }

    [Theory]
    [InlineData("""{"text": "a fine film", "window_reduction": "max"}""")]
    [InlineData("""{"text": "a fine film", "overflow": "truncate", "window_reduction": "mean"}""")]
    public async Task A_reduction_of_windows_that_are_not_read_is_refused(string request)
    {
        var (status, problem) = await service.PostAsync("/occlusion", request);
        Assert.Equal(422, status);
        Assert.True(problem.GetProperty("errors").TryGetProperty("window_reduction", out _));
    }

    [Theory]
    [InlineData("mean", "probability")]
    [InlineData("max", "probability")]
    [InlineData("mean", "logit")]
    public async Task What_is_explained_is_what_is_predicted(string reduction, string objective)
    {
        var text = Review(700);
        var answer = await service.AskAsync(
            "/occlusion",
            new
            {
                text,
                overflow = "window",
                window_reduction = reduction,
                objective,
                spans = new[] { new[] { 0, 40 } },
            }
        );
        var label = answer.GetProperty("prediction").GetProperty("labels")[answer.GetProperty("target").GetProperty("index").GetInt32()];
        Assert.Equal(label.GetProperty(objective).GetDouble(), answer.GetProperty("value").GetDouble(), 1e-5);
    }

    [Theory]
    [InlineData("/saliency")]
    [InlineData("/attention")]
    public async Task What_is_to_happen_to_a_text_over_the_limit_is_no_fault_of_one_that_fits(string path)
    {
        var answer = await service.AskAsync(path, new { text = "a fine film", overflow = "window" });
        Assert.Empty(answer.Warnings());
        var (status, problem) = await service.PostAsync(path, JsonSerializer.Serialize(new { text = Review(700), overflow = "window" }));
        Assert.Equal(422, status);
        Assert.True(problem.GetProperty("errors").TryGetProperty("overflow", out _));
    }

    [Theory]
    [InlineData("/occlusion", """{"granularity": "sentence", "window": 8, "stride": 8}""")]
    [InlineData("/occlusion", """{"granularity": "paragraph"}""")]
    [InlineData("/lime", """{"granularity": ["sentence", "word"], "samples": 8}""")]
    [InlineData("/saliency", """{"granularity": ["sentence", "token"], "method": "gradient"}""")]
    public async Task Units_of_a_truncated_text_end_where_the_model_stopped_reading(string path, string options)
    {
        var request = JsonSerializer.Deserialize<Dictionary<string, object>>(options)!;
        (request["text"], request["overflow"]) = (Review(700), "truncate");
        CheckSeen(await service.AskAsync(path, request), Review(700));
    }

    [Fact]
    public async Task Spans_of_a_truncated_text_end_there_too()
    {
        var text = Review(700);
        var answer = await service.AskAsync(
            "/occlusion",
            new
            {
                text,
                overflow = "truncate",
                window = 2,
                spans = new[] { new[] { 0, 40 }, [41, text.Length] },
            }
        );
        CheckSeen(answer, text);
        Assert.Equal(
            answer.GetProperty("unseen")[0].GetProperty("start").GetInt32(),
            answer.GetProperty("windows")[0].GetProperty("end").GetInt32()
        );
    }

    [Fact]
    public async Task Each_text_of_a_truncated_pair_has_an_end_of_its_own()
    {
        var (text, pair) = (Review(600), Review(700));
        var answer = await service.AskAsync(
            "/occlusion",
            new
            {
                text,
                pair,
                overflow = "truncate",
                granularity = "paragraph",
                offset_unit = "codepoint",
            }
        );
        var units = answer.GetProperty("units").EnumerateArray().ToArray();
        Assert.Equal(
            answer.GetProperty("unseen").EnumerateArray().Select(cut => cut.GetProperty("start").GetInt32()),
            units.Select(unit => unit.GetProperty("end").GetInt32())
        );
    }

    private static void CheckSeen(JsonElement answer, string text)
    {
        var seen = answer.GetProperty("unseen")[0].GetProperty("start").GetInt32();
        var units = answer.GetProperty("units").EnumerateArray().ToArray();
        Assert.InRange(seen, 1, text.Length - 1);
        Assert.Equal(seen, units[^1].GetProperty("end").GetInt32());
        foreach (var unit in units.Concat(units[^1].TryGetProperty("units", out var inner) ? inner.EnumerateArray() : []))
        {
            var (start, end) = (unit.GetProperty("start").GetInt32(), unit.GetProperty("end").GetInt32());
            Assert.InRange(end, start, seen);
            Assert.Equal(text[start..end], unit.GetProperty("text").GetString());
        }

        Assert.EndsWith("a unit that was cut ends where that begins.", answer.WarningOf("text_truncated"), StringComparison.Ordinal);
    }

    private async Task<IReadOnlyList<string>> WindowsAsync(string text)
    {
        var tokens = (await service.AskAsync("/tokenize", new { text, overflow = "truncate" }))
            .GetProperty("tokens")
            .EnumerateArray()
            .ToArray();
        var all = (await service.AskAsync("/predict", new { text, overflow = "window" })).GetProperty("evaluations").GetInt32();
        return [text[..tokens[^2].GetProperty("end").GetInt32()], .. Enumerable.Repeat("", all - 1)];
    }
}
