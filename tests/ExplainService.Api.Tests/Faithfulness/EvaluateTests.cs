using System.Text.Json;
using ExplainService.Goldens;
using ExplainService.Methods.Numerics;
using static ExplainService.Api.Tests.Faithfulness.Evaluations;

namespace ExplainService.Api.Tests.Faithfulness;

/// <summary><c>/evaluate</c> through HTTP, on the bundled classifier.</summary>
public sealed class EvaluateTests(Service service) : IClassFixture<Service>
{
    private const string Review = "a gripping and funny film without one dull minute";

    public static TheoryData<string, string> Judged =>
        new()
        {
            { Review, """{"endpoint": "/occlusion"}""" },
            { "the plot is thin but the unpretentious cast is a delight", """{"endpoint": "/saliency", "method": "input_x_gradient"}""" },
            {
                "one long string of cliches .",
                """
                    {"scores": [{"start": 0, "end": 3, "score": 0.1}, {"start": 4, "end": 15, "score": -0.2},
                                {"start": 19, "end": 26, "score": 0.9}, {"start": 16, "end": 18, "score": 0.3}]}
                    """
            },
        };

    [Theory]
    [MemberData(nameof(Judged))]
    public async Task Every_metric_is_its_definition_over_predictions_alone(string text, string explanation)
    {
        // The last word stays: of a text of which nothing is left there is no prediction to ask for.
        int[][]? spans = explanation.Contains("scores", StringComparison.Ordinal)
            ? null
            : [.. Words(text).SkipLast(1).Select(word => new[] { word.start, word.end })];
        var answer = await service.EvaluateAsync(text, explanation, new { random_orders = 0, spans });
        var target = answer.GetProperty("target").GetProperty("index").GetInt32();
        foreach (var replacement in new[] { "mask", "delete" })
        {
            var definitions = new Definitions(service, text, answer.GetProperty("explanation").GetProperty("units"), replacement);
            foreach (var (name, figure) in await definitions.FiguresAsync(target))
            {
                Near(figure, Value(answer, name, replacement), $"{name} ({replacement})");
            }

            var (lds, infidelity) = await definitions.OfSetsAsync(Figures(answer, "lds", replacement).GetProperty("sets"), target);
            Near(lds, Value(answer, "lds", replacement), $"lds ({replacement})");
            Near(infidelity, Value(answer, "infidelity", replacement), $"infidelity ({replacement})");
        }
    }

    [Fact]
    public async Task Each_set_is_scored_once_whoever_reads_it()
    {
        var answer = await service.EvaluateAsync(
            Review,
            """{"endpoint": "/occlusion"}""",
            new { metrics = new[] { "loo" }, random_orders = 20 }
        );

        // Occlusion's own texts are those that leave one out under masks: nothing but the deletions is new, and the whole text is one.
        var words = answer.GetProperty("explanation").GetProperty("units").GetArrayLength();
        Assert.Equal(1 + (2 * words), answer.GetProperty("evaluations").GetInt32());
    }

    [Fact]
    public async Task Limits_are_the_figures_of_the_best_and_the_worst_order_there_is()
    {
        const string Text = "not a bad little movie";
        var answer = await service.EvaluateAsync(
            Text,
            """{"endpoint": "/shap"}""",
            new
            {
                metrics = new[] { "area", "aopc" },
                normalise = true,
                replacements = new[] { "mask" },
                random_orders = 2,
            }
        );
        var units = answer.GetProperty("explanation").GetProperty("units").EnumerateArray().ToArray();
        var figures = new List<double>();
        foreach (var order in Orders([0, 1, 2, 3, 4]))
        {
            var scores = units.Select(
                (unit, index) =>
                    new
                    {
                        start = unit.GetProperty("start").GetInt32(),
                        end = unit.GetProperty("end").GetInt32(),
                        score = -Array.IndexOf(order, index),
                    }
            );
            var one = await service.AskAsync(
                "/evaluate",
                new
                {
                    text = Text,
                    explanation = new { scores },
                    metrics = new[] { "area" },
                    replacements = new[] { "mask" },
                    random_orders = 0,
                }
            );
            figures.Add(Value(one, "area", "mask"));
        }

        var area = Figures(answer, "area", "mask");
        var limits = area.GetProperty("limits");
        Near(figures.Max(), limits.GetProperty("best").GetDouble(), "best");
        Near(figures.Min(), limits.GetProperty("worst").GetDouble(), "worst");
        Assert.True(limits.GetProperty("exact").GetBoolean());
        Near(
            (area.GetProperty("value").GetDouble() - figures.Min()) / (figures.Max() - figures.Min()),
            area.GetProperty("normalised").GetDouble(),
            "normalised"
        );
        var aopc = Figures(answer, "aopc", "mask");
        Assert.InRange(aopc.GetProperty("comprehensiveness").GetProperty("normalised").GetDouble(), -1e-9, 1 + 1e-9);
        Assert.InRange(aopc.GetProperty("sufficiency").GetProperty("normalised").GetDouble(), -1e-9, 1 + 1e-9);
    }

    [Fact]
    public async Task The_Shapley_values_of_the_reference_beat_noise_on_every_metric()
    {
        var found = new Dictionary<string, List<double>>();
        foreach (var file in (string[])["00.json", "01.json", "02.json", "03.json", "05.json"])
        {
            using var golden = ReferenceData.Json("goldens", "minilm-sst2", file);
            var explanation = JsonSerializer.Serialize(new { scores = Grouped(golden.RootElement, "shapley_exact_words_mask", "values") });
            var text = golden.RootElement.GetProperty("text").GetString()!;
            var answer = await service.EvaluateAsync(text, explanation, new { objective = "logit", replacements = new[] { "mask" } });
            foreach (var metric in answer.GetProperty("metrics").EnumerateObject())
            {
                var figures = metric.Value.GetProperty("mask");
                Note(metric.Name, figures);
                foreach (var part in figures.EnumerateObject().Where(part => part.Value.ValueKind == JsonValueKind.Object))
                {
                    Note($"{metric.Name}.{part.Name}", part.Value);
                }
            }
        }

        Assert.All(
            ["comprehensiveness", "aopc.comprehensiveness", "loo", "loo.kendall", "lds", "area", "insertion_auc"],
            metric => Assert.True(found[metric].Average() > 0.5, $"{metric}: {string.Join(' ', found[metric])}")
        );
        Assert.All(
            ["sufficiency", "aopc.sufficiency", "log_odds", "infidelity", "deletion_auc"],
            metric => Assert.True(found[metric].Average() < -0.5, $"{metric}: {string.Join(' ', found[metric])}")
        );

        void Note(string name, JsonElement figures)
        {
            if (figures.TryGetProperty("z", out var z))
            {
                (found.TryGetValue(name, out var all) ? all : found[name] = []).Add(z.GetDouble());
            }
        }
    }

    [Theory]
    [InlineData("00.json")]
    [InlineData("01.json")]
    [InlineData("02.json")]
    [InlineData("05.json")]
    [InlineData("09.json")]
    public async Task Comprehensiveness_and_sufficiency_are_those_of_the_reference(string file)
    {
        using var golden = ReferenceData.Json("goldens", "minilm-sst2", file);
        var reference = golden.RootElement.GetProperty("faithfulness_of_occlusion_word_mask");
        var explanation = JsonSerializer.Serialize(new { scores = Grouped(golden.RootElement, "occlusion_word_mask", "logit") });
        var answer = await service.EvaluateAsync(
            golden.RootElement.GetProperty("text").GetString()!,
            explanation,
            new
            {
                metrics = new[] { "comprehensiveness", "sufficiency" },
                replacements = new[] { "mask" },
                random_orders = 0,
            }
        );
        foreach (var metric in new[] { "comprehensiveness", "sufficiency" })
        {
            var own = Figures(answer, metric, "mask")
                .GetProperty("by_q")
                .EnumerateArray()
                .Select(share => share.GetProperty("value").GetDouble());
            Assert.All(
                reference.GetProperty(metric).EnumerateArray().Zip(own),
                pair => Assert.Equal(pair.First.GetDouble(), pair.Second, 1e-4)
            );
        }
    }

    [Fact]
    public async Task An_explanation_by_chance_is_no_better_than_chance()
    {
        var random = new SeededRandom(7);
        string[] texts =
        [
            .. File.ReadLines(ReferenceData.PathOf("texts", "sst2.dev.tsv"))
                .Skip(1)
                .Select(line => line.Split('\t')[1].Trim())
                .Where(text => text.Count(character => character == ' ') is >= 4 and <= 6)
                .Take(20),
        ];
        var inside = 0;
        foreach (var text in texts)
        {
            var scores = Words(text)
                .Select(word => new
                {
                    word.start,
                    word.end,
                    score = random.NextGaussian(),
                });
            var answer = await service.EvaluateAsync(
                text,
                JsonSerializer.Serialize(new { scores }),
                new { metrics = new[] { "area" }, replacements = new[] { "mask" } }
            );
            inside += Math.Abs(Figures(answer, "area", "mask").GetProperty("z").GetDouble()) < 2 ? 1 : 0;
        }

        Assert.InRange(inside, 18, 20);
    }

    [Theory]
    [InlineData("""{"endpoint": "/saliency", "method": "gradient"}""")]
    [InlineData("""{"endpoint": "/attention", "aggregate": "rollout"}""")]
    public async Task What_an_explanation_has_learned_from_the_model_goes_with_its_weights(string explanation)
    {
        var answer = await service.EvaluateAsync(Review, explanation, new { metrics = new[] { "randomisation" }, random_orders = 0 });
        double[] falls =
        [
            .. Figures(answer, "randomisation", "mask")
                .GetProperty("by_layers")
                .EnumerateArray()
                .Select(step => step.GetProperty("value").GetDouble()),
        ];
        Assert.Equal(6, falls.Length);
        Assert.True(falls[^1] < 0.75, $"{falls[^1]}");
        Assert.True(falls[0] > falls[^1], $"{falls[0]} {falls[^1]}");
        Assert.Equal(falls[^1], Value(answer, "randomisation", "mask"));
    }

    [Fact]
    public async Task Scores_of_the_callers_cannot_be_computed_anew_and_the_answer_says_so()
    {
        var scores = Words(Review)
            .Select(word => new
            {
                word.start,
                word.end,
                score = 1.0,
            });
        var answer = await service.EvaluateAsync(
            Review,
            JsonSerializer.Serialize(new { scores }),
            new
            {
                metrics = new[] { "randomisation", "max_sensitivity", "loo" },
                replacements = new[] { "mask" },
                random_orders = 3,
            }
        );
        Assert.Equal(["loo"], answer.GetProperty("metrics").EnumerateObject().Select(metric => metric.Name));
        Assert.Equal(2, Codes(answer).Count(code => code == "metric_left_out"));

        // A method that tells no word from another agrees with nothing.
        Assert.False(Figures(answer, "loo", "mask").TryGetProperty("value", out _));
    }

    [Fact]
    public async Task Small_noise_changes_integrated_gradients_little_and_rollout_cannot_be_asked()
    {
        var metrics = new[] { "max_sensitivity" };
        var gradients = await service.EvaluateAsync(Review, """{"endpoint": "/saliency", "steps": 10}""", new { metrics });
        var sensitivity = Figures(gradients, "max_sensitivity", "mask");
        Assert.InRange(sensitivity.GetProperty("value").GetDouble(), 1e-6, 0.9);
        Assert.True(sensitivity.GetProperty("z").GetDouble() < 0);
        var occlusion = await service.EvaluateAsync(Review, """{"endpoint": "/occlusion"}""", new { metrics });
        Assert.InRange(Value(occlusion, "max_sensitivity", "mask"), 1e-6, 0.9);
        var rollout = await service.EvaluateAsync(Review, """{"endpoint": "/attention", "aggregate": "rollout"}""", new { metrics });
        Assert.Contains("metric_left_out", Codes(rollout));
    }

    [Fact]
    public async Task A_rationale_is_compared_with_as_many_words_as_it_has()
    {
        // "gripping" and "funny film": three words, of which the scores choose two and one that is none.
        var words = Words(Review).ToArray();
        double[] own = [0, 9, 0, 8, 1, 0, 0, 7, 0];
        var scores = words.Select(
            (word, index) =>
                new
                {
                    word.start,
                    word.end,
                    score = own[index],
                }
        );
        var answer = await service.AskAsync(
            "/evaluate",
            new
            {
                text = Review,
                explanation = new { scores },
                rationale = new[] { new[] { words[1].start, words[1].end }, [words[3].start, words[4].end] },
                metrics = new[] { "plausibility" },
                random_orders = 5,
            }
        );
        var figures = Figures(answer, "plausibility", "mask");
        Near(2.0 / 3, figures.GetProperty("token_f1").GetProperty("value").GetDouble(), "token_f1");

        // "gripping" matches whole, "funny" is half of "funny film", "dull" matches nothing: 2 of 3 and 2 of 2.
        Near(0.8, figures.GetProperty("iou_f1").GetProperty("value").GetDouble(), "iou_f1");

        // Recall 1/3 and 2/3 at precision 1, then 2/3 at recall 2/3, and all at 3/4.
        Near((2.0 / 3) + ((2.0 / 3 + 0.75) / 2 / 3), figures.GetProperty("auprc").GetProperty("value").GetDouble(), "auprc");
    }

    [Fact]
    public async Task What_does_not_fit_in_the_budget_is_left_out_and_said()
    {
        var answer = await service.EvaluateAsync(
            Review,
            """{"endpoint": "/occlusion"}""",
            new { max_evaluations = 60, metrics = new[] { "loo", "area", "insertion_auc" } }
        );
        Assert.InRange(answer.GetProperty("evaluations").GetInt32(), 1, 61);
        Assert.Contains("metric_left_out", Codes(answer));
        Assert.True(answer.GetProperty("metrics").TryGetProperty("loo", out _));
    }

    /// <summary>Scores of the reference's groups of tokens, as spans.</summary>
    private static object[] Grouped(JsonElement golden, string method, string values)
    {
        var offsets = golden.GetProperty("offsets_codepoints");
        var scores = golden.GetProperty(method);
        return
        [
            .. scores
                .GetProperty("groups")
                .EnumerateArray()
                .Zip(
                    scores.GetProperty(values).EnumerateArray(),
                    (group, value) =>
                        new
                        {
                            start = offsets[group[0].GetInt32()][0].GetInt32(),
                            end = offsets[group[group.GetArrayLength() - 1].GetInt32()][1].GetInt32(),
                            score = value.GetDouble(),
                        }
                ),
        ];
    }

    private static IEnumerable<(int start, int end)> Words(string text)
    {
        var start = 0;
        foreach (var word in text.Split(' '))
        {
            yield return (start, start + word.Length);
            start += word.Length + 1;
        }
    }

    private static IEnumerable<int[]> Orders(int[] units) =>
        units.Length == 0
            ?
            [
                [],
            ]
            : units.SelectMany(first => Orders([.. units.Where(unit => unit != first)]).Select(rest => (int[])[first, .. rest]));
}
