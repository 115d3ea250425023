using System.Text.Json;
using ExplainService.Goldens;
using ExplainService.Methods.Contracts;
using ExplainService.Methods.Occlusion;
using ExplainService.Methods.Permutation;
using ExplainService.Methods.Predictions;
using ExplainService.Methods.Shapley;

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
    [MemberData(nameof(CataloguePaths.ScoringWindows), MemberType = typeof(CataloguePaths))]
    public async Task Every_word_of_the_whole_text_gets_a_score(string path)
    {
        var text = Review(700);
        var request = FewEvaluations(path);
        (request["text"], request["overflow"]) = (text, "window");
        var answer = await service.AskAsync<UnitExplanation>(path, request);
        var units = answer.Units.ToArray();
        Assert.Equal(text.Length, units[^1].End);
        Assert.All(units, unit => Assert.Equal(text[unit.Start..unit.End], unit.Text));
        var covered = units.Sum(unit => unit.Text.Count(character => !char.IsWhiteSpace(character)));
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
        var mean = await service.AskAsync<OcclusionAnswer>(
            "/occlusion",
            new
            {
                text,
                overflow = "window",
                spans,
            }
        );
        var windows = await WindowsAsync(text);
        var first = await service.AskAsync<OcclusionAnswer>(
            "/occlusion",
            new
            {
                text = windows[0],
                overflow = "truncate",
                spans,
                target = mean.Target!.Label! is { } label ? new { label } : null,
            }
        );
        Assert.Equal(first.Units[0].Score!.Value / windows.Count, mean.Units[0].Score!.Value, 2e-3);

        // The whole text and one that was changed, however many windows they have.
        Assert.Equal(2, mean.Evaluations);
    }

    [Fact]
    public async Task Thousands_of_words_are_perturbed_in_groups_unless_single_ones_are_asked_for()
    {
        var answer = await service.AskAsync<ShapAnswer>(
            "/shap",
            new
            {
                text = Review(1500),
                overflow = "window",
                max_evaluations = 12,
                window_reduction = "max",
            }
        );
        Assert.Equal("partition", answer.Algorithm);
        Assert.True(answer.Units.Count > 1500);
        Assert.Contains("maximum", answer.WarningOf("text_in_windows"), StringComparison.Ordinal);
        Assert.Contains("share its worth equally", answer.WarningOf("groups_not_opened"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Too_few_evaluations_for_so_many_units_are_said_to_be()
    {
        var answer = await service.AskAsync<ShapAnswer>(
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
        await service.AskAsync<PredictAnswer>("/predict", new { text, overflow = "window" });
        var answer = await service.AskAsync<PermutationAnswer>(
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
        Assert.DoesNotContain("units_grouped", answer.WarningCodes);
        var scores = answer.Units.Select(unit => unit.Score!.Value).ToArray();
        Assert.Equal(scores.Length, scores.Distinct().Count());
    }

    [Theory]
    [InlineData("""{"text": "a fine film", "window_reduction": "max"}""")]
    [InlineData("""{"text": "a fine film", "overflow": "truncate", "window_reduction": "mean"}""")]
    public async Task A_reduction_of_windows_that_are_not_read_is_refused(string request)
    {
        var problem = await service.RefuseAsync("/occlusion", request);
        Assert.Contains("window_reduction", problem.Errors!.Keys);
    }

    [Theory]
    [InlineData("mean", "probability")]
    [InlineData("max", "probability")]
    [InlineData("mean", "logit")]
    public async Task The_value_explained_in_windows_is_the_prediction_over_them(string reduction, string objective)
    {
        var text = Review(700);
        var answer = await service.AskAsync<OcclusionAnswer>(
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
        var label = answer.Prediction!.Labels![answer.Target!.Index!.Value];
        Assert.Equal(objective == "logit" ? label.Logit!.Value : label.Probability!.Value, answer.Value, 1e-5);
    }

    [Fact]
    public async Task What_is_to_happen_to_a_text_over_the_limit_is_no_fault_of_one_that_fits()
    {
        var answer = await service.AskAsync<Explanation>("/attention", new { text = "a fine film", overflow = "window" });
        Assert.Empty(answer.Warnings);
        var problem = await service.RefuseAsync("/attention", new { text = Review(700), overflow = "window" });
        Assert.Contains("overflow", problem.Errors!.Keys);
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
        CheckSeen(await service.AskAsync<UnitExplanation>(path, request), Review(700));
    }

    [Fact]
    public async Task Spans_of_a_truncated_text_end_where_the_model_stopped_reading()
    {
        var text = Review(700);
        var answer = await service.AskAsync<OcclusionAnswer>(
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
        Assert.Equal(answer.Unseen![0].Start, answer.Windows[0].End);
    }

    [Fact]
    public async Task Each_text_of_a_truncated_pair_has_an_end_of_its_own()
    {
        var (text, pair) = (Review(600), Review(700));
        var answer = await service.AskAsync<OcclusionAnswer>(
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
        var units = answer.Units.ToArray();
        Assert.Equal(answer.Unseen!.Select(cut => cut.Start), units.Select(unit => unit.End));
    }

    /// <summary>What keeps a request about many words quick; units of words where it has a budget, else of sentences.</summary>
    private static Dictionary<string, object> FewEvaluations(string path) =>
        path switch
        {
            "/shap" => new() { ["granularity"] = "word", ["max_evaluations"] = 20 },
            "/lime" => new() { ["granularity"] = "word", ["samples"] = 4 },
            "/saliency" => new() { ["granularity"] = "sentence", ["method"] = "input_x_gradient" },
            "/permutation" => new() { ["granularity"] = "sentence", ["samples"] = 1 },
            _ => new() { ["granularity"] = "sentence" },
        };

    private static void CheckSeen(UnitExplanation answer, string text)
    {
        var seen = answer.Unseen![0].Start;
        var units = answer.Units.ToArray();
        Assert.InRange(seen, 1, text.Length - 1);
        Assert.Equal(seen, units[^1].End);
        foreach (var unit in units.Concat(units[^1].Units ?? []))
        {
            var (start, end) = (unit.Start, unit.End);
            Assert.InRange(end, start, seen);
            Assert.Equal(text[start..end], unit.Text);
        }

        Assert.EndsWith("a unit that was cut ends where that begins.", answer.WarningOf("text_truncated"), StringComparison.Ordinal);
    }

    private async Task<IReadOnlyList<string>> WindowsAsync(string text)
    {
        var tokens = (await service.AskAsync<TokenizeAnswer>("/tokenize", new { text, overflow = "truncate" })).Tokens;
        var all = (await service.AskAsync<PredictAnswer>("/predict", new { text, overflow = "window" })).Evaluations!.Value;
        return [text[..tokens[^2].End], .. Enumerable.Repeat("", (int)all - 1)];
    }
}
