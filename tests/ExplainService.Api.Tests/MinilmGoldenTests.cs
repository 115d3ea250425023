using System.Text.Json;
using ExplainService.Goldens;
using static ExplainService.Api.Tests.JsonNumbers;

namespace ExplainService.Api.Tests;

/// <summary>
/// PyTorch's and Captum's explanations of ten texts, reproduced through HTTP within the tolerances of the reference data.
/// </summary>
public sealed class MinilmGoldenTests(Service service) : IClassFixture<Service>
{
    public static TheoryData<string> Texts() =>
        new(
            Directory
                .EnumerateFiles(ReferenceData.PathOf("goldens", "minilm-sst2"))
                .Select(path => Path.GetFileName(path))
                .Order(StringComparer.Ordinal)
        );

    [Theory]
    [MemberData(nameof(Texts))]
    public async Task A_prediction_has_the_tokens_logits_and_probabilities_of_PyTorch(string file)
    {
        using var golden = Open(file, out var text);
        var answer = await service.AskAsync("/predict", new { text });
        var labels = answer.GetProperty("prediction").GetProperty("labels");
        Near(
            Numbers(golden.RootElement.GetProperty("logits")),
            [.. labels.EnumerateArray().Select(label => label.GetProperty("logit").GetDouble())],
            1e-4
        );
        Near(
            Numbers(golden.RootElement.GetProperty("probabilities")),
            [.. labels.EnumerateArray().Select(label => label.GetProperty("probability").GetDouble())],
            1e-4
        );
        Assert.Equal(
            Numbers(golden.RootElement.GetProperty("input_ids")),
            answer.GetProperty("tokens").EnumerateArray().Select(token => token.GetProperty("id").GetDouble())
        );
    }

    [Theory]
    [MemberData(nameof(Texts))]
    public async Task Attention_rollout_and_relevance_are_those_of_PyTorch(string file)
    {
        using var golden = Open(file, out var text);
        if (golden.RootElement.TryGetProperty("attentions", out var maps))
        {
            Near(Flat(maps), Flat((await service.AskAsync("/attention", new { text })).GetProperty("attention")), 1e-4);
        }

        if (golden.RootElement.TryGetProperty("attention_rollout", out var rollout))
        {
            Near(
                Flat(rollout),
                Flat((await service.AskAsync("/attention", new { text, aggregate = "rollout" })).GetProperty("matrix")),
                1e-4
            );
        }

        if (golden.RootElement.TryGetProperty("attention_gradient_relevance", out var relevance))
        {
            var answer = await service.AskAsync(
                "/attention",
                new
                {
                    text,
                    aggregate = "gradient_relevance",
                    objective = "logit",
                }
            );
            Near(Flat(relevance), Flat(answer.GetProperty("matrix")), 1e-3);
            Near(Numbers(relevance[0]), Numbers(answer.GetProperty("scores")), 1e-3);
        }
    }

    [Theory]
    [MemberData(nameof(Texts))]
    public async Task Gradients_are_those_of_PyTorch(string file)
    {
        using var golden = Open(file, out var text);
        if (!golden.RootElement.TryGetProperty("gradient", out var byObjective))
        {
            return;
        }

        foreach (var objective in byObjective.EnumerateObject())
        {
            foreach (var norm in new[] { "l2", "l1", "mean_abs" })
            {
                var answer = await service.AskAsync(
                    "/saliency",
                    new
                    {
                        text,
                        method = "gradient",
                        norm,
                        objective = objective.Name,
                    }
                );
                NearRelative(Numbers(objective.Value.GetProperty(norm)), TokenScores(answer), 1e-3);
            }

            var product = await service.AskAsync(
                "/saliency",
                new
                {
                    text,
                    method = "input_x_gradient",
                    objective = objective.Name,
                }
            );
            NearRelative(Numbers(objective.Value.GetProperty("input_x_gradient")), TokenScores(product), 1e-3);
        }
    }

    [Theory]
    [MemberData(nameof(Texts))]
    public async Task Integrated_gradients_are_those_of_Captum(string file)
    {
        using var golden = Open(file, out var text);
        if (!golden.RootElement.TryGetProperty("integrated_gradients", out var cases))
        {
            return;
        }

        object Request(string name) =>
            name switch
            {
                "pad" => new
                {
                    text,
                    objective = "logit",
                    steps = 50,
                },
                "mask" => new
                {
                    text,
                    objective = "logit",
                    steps = 50,
                    baseline = "mask",
                },
                "pad_probability" => new { text, objective = "probability" },
                "pad_trapezoid20" => new
                {
                    text,
                    objective = "logit",
                    steps = 20,
                    quadrature = "trapezoid",
                },
                _ => throw new NotSupportedException(name),
            };
        foreach (var item in cases.EnumerateObject())
        {
            var answer = await service.AskAsync("/saliency", Request(item.Name));
            Near(Numbers(item.Value.GetProperty("per_token")), TokenScores(answer), 5e-3);
        }
    }

    [Theory]
    [MemberData(nameof(Texts))]
    public async Task Occlusion_has_the_scores_of_the_reference(string file)
    {
        using var golden = Open(file, out var text);
        if (golden.RootElement.TryGetProperty("occlusion_token", out var tokens))
        {
            foreach (var replacement in tokens.EnumerateObject())
            {
                foreach (var objective in replacement.Value.EnumerateObject())
                {
                    var answer = await service.AskAsync(
                        "/occlusion",
                        new
                        {
                            text,
                            granularity = "token",
                            replacement = replacement.Name,
                            objective = objective.Name,
                        }
                    );
                    Near(Numbers(objective.Value)[1..^1], UnitScores(answer), 2e-4);
                }
            }
        }

        if (golden.RootElement.TryGetProperty("occlusion_word_mask", out var words))
        {
            foreach (var objective in new[] { "logit", "probability" })
            {
                var answer = await service.AskAsync(
                    "/occlusion",
                    new
                    {
                        text,
                        spans = Spans(golden, words.GetProperty("groups")),
                        objective,
                        offset_unit = "codepoint",
                    }
                );
                Near(Numbers(words.GetProperty(objective)), UnitScores(answer), 2e-4);
            }
        }

        if (golden.RootElement.TryGetProperty("occlusion_window3_stride1_mask", out var windows))
        {
            var answer = await service.AskAsync(
                "/occlusion",
                new
                {
                    text,
                    granularity = "token",
                    window = 3,
                    stride = 1,
                    objective = "logit",
                }
            );
            var found = answer.GetProperty("windows").EnumerateArray().ToArray();
            Assert.Equal(Flat(windows.GetProperty("windows")), found.SelectMany(window => Numbers(window.GetProperty("tokens"))));
            Near(Numbers(windows.GetProperty("logit")), [.. found.Select(window => window.GetProperty("score").GetDouble())], 2e-4);
        }
    }

    [Theory]
    [MemberData(nameof(Texts))]
    public async Task Shapley_values_of_every_coalition_are_the_exact_ones(string file)
    {
        using var golden = Open(file, out var text);
        if (!golden.RootElement.TryGetProperty("shapley_exact_words_mask", out var shapley))
        {
            return;
        }

        var answer = await service.AskAsync(
            "/shap",
            new
            {
                text,
                algorithm = "exact",
                interactions = true,
                objective = shapley.GetProperty("objective").GetString(),
                spans = Spans(golden, shapley.GetProperty("groups")),
                offset_unit = "codepoint",
            }
        );
        Near(Numbers(shapley.GetProperty("values")), UnitScores(answer), 1e-3);
        Near(Flat(shapley.GetProperty("shapley_interaction_index")), Flat(answer.GetProperty("interactions")), 1e-3);
        Assert.Equal(shapley.GetProperty("base_value").GetDouble(), answer.GetProperty("base_value").GetDouble(), 1e-3);
        Assert.Equal(shapley.GetProperty("full_value").GetDouble(), answer.GetProperty("value").GetDouble(), 1e-3);
    }

    private static JsonDocument Open(string file, out string text)
    {
        var document = ReferenceData.Json("goldens", "minilm-sst2", file);
        text = document.RootElement.GetProperty("text").GetString()!;
        return document;
    }

    /// <summary>The goldens' groups of tokens as spans of the text.</summary>
    private static int[][] Spans(JsonDocument golden, JsonElement groups)
    {
        var offsets = golden.RootElement.GetProperty("offsets_codepoints");
        return
        [
            .. groups
                .EnumerateArray()
                .Select(group =>
                    new[]
                    {
                        group.EnumerateArray().Min(token => offsets[token.GetInt32()][0].GetInt32()),
                        group.EnumerateArray().Max(token => offsets[token.GetInt32()][1].GetInt32()),
                    }
                ),
        ];
    }

    private static double[] TokenScores(JsonElement answer) =>
        [.. answer.GetProperty("tokens").EnumerateArray().Select(token => token.GetProperty("score").GetDouble())];

    private static double[] UnitScores(JsonElement answer) =>
        [.. answer.GetProperty("units").EnumerateArray().Select(unit => unit.GetProperty("score").GetDouble())];
}
