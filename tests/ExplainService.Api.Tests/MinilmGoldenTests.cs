using System.Text.Json;
using ExplainService.Goldens;
using ExplainService.Methods.Attention;
using ExplainService.Methods.Occlusion;
using ExplainService.Methods.Predictions;
using ExplainService.Methods.Saliency;
using ExplainService.Methods.Shapley;
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
        var answer = await service.AskAsync<PredictAnswer>("/predict", new { text });
        var labels = answer.Prediction!.Labels!;
        Near(Numbers(golden.RootElement.GetProperty("logits")), [.. labels.Select(label => label.Logit!.Value)], 1e-4);
        Near(Numbers(golden.RootElement.GetProperty("probabilities")), [.. labels.Select(label => label.Probability!.Value)], 1e-4);
        Assert.Equal(Numbers(golden.RootElement.GetProperty("input_ids")), answer.Tokens.Select(token => (double)token.Id));
    }

    [Theory]
    [MemberData(nameof(Texts))]
    public async Task Attention_rollout_and_relevance_are_those_of_PyTorch(string file)
    {
        using var golden = Open(file, out var text);
        if (golden.RootElement.TryGetProperty("attentions", out var maps))
        {
            Near(Flat(maps), Flat((await service.AskAsync<AttentionAnswer>("/attention", new { text })).Attention!), 1e-4);
        }

        if (golden.RootElement.TryGetProperty("attention_rollout", out var rollout))
        {
            Near(
                Flat(rollout),
                Flat((await service.AskAsync<AttentionAnswer>("/attention", new { text, aggregate = "rollout" })).Matrix!),
                1e-4
            );
        }

        if (golden.RootElement.TryGetProperty("attention_gradient_relevance", out var relevance))
        {
            var answer = await service.AskAsync<AttentionAnswer>(
                "/attention",
                new
                {
                    text,
                    aggregate = "gradient_relevance",
                    objective = "logit",
                }
            );
            Near(Flat(relevance), Flat(answer.Matrix!), 1e-3);
            Near(Numbers(relevance[0]), answer.Scores!, 1e-3);
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
                var answer = await service.AskAsync<SaliencyAnswer>(
                    "/saliency",
                    new
                    {
                        text,
                        method = "gradient",
                        norm,
                        objective = objective.Name,
                    }
                );
                NearRelative(Numbers(objective.Value.GetProperty(norm)), answer.Tokens.Scores(), 1e-3);
            }

            var product = await service.AskAsync<SaliencyAnswer>(
                "/saliency",
                new
                {
                    text,
                    method = "input_x_gradient",
                    objective = objective.Name,
                }
            );
            NearRelative(Numbers(objective.Value.GetProperty("input_x_gradient")), product.Tokens.Scores(), 1e-3);
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
                    baseline = "pad",
                },
                "mask" => new
                {
                    text,
                    objective = "logit",
                    steps = 50,
                    baseline = "mask",
                },
                "pad_probability" => new
                {
                    text,
                    objective = "probability",
                    steps = 50,
                    baseline = "pad",
                },
                "pad_trapezoid20" => new
                {
                    text,
                    objective = "logit",
                    steps = 20,
                    quadrature = "trapezoid",
                    baseline = "pad",
                },
                _ => throw new NotSupportedException(name),
            };
        foreach (var item in cases.EnumerateObject())
        {
            var answer = await service.AskAsync<SaliencyAnswer>("/saliency", Request(item.Name));
            Near(Numbers(item.Value.GetProperty("per_token")), answer.Tokens.Scores(), 5e-3);
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
                    var answer = await service.AskAsync<OcclusionAnswer>(
                        "/occlusion",
                        new
                        {
                            text,
                            granularity = "token",
                            replacement = replacement.Name,
                            objective = objective.Name,
                        }
                    );
                    Near(Numbers(objective.Value)[1..^1], answer.Units.Scores(), 2e-4);
                }
            }
        }

        if (golden.RootElement.TryGetProperty("occlusion_word_mask", out var words))
        {
            foreach (var objective in new[] { "logit", "probability" })
            {
                var answer = await service.AskAsync<OcclusionAnswer>(
                    "/occlusion",
                    new
                    {
                        text,
                        spans = Spans(golden, words.GetProperty("groups")),
                        objective,
                        offset_unit = "codepoint",
                    }
                );
                Near(Numbers(words.GetProperty(objective)), answer.Units.Scores(), 2e-4);
            }
        }

        if (golden.RootElement.TryGetProperty("occlusion_window_3stride_1mask", out var windows))
        {
            var answer = await service.AskAsync<OcclusionAnswer>(
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
            var found = answer.Windows.ToArray();
            Assert.Equal(Flat(windows.GetProperty("windows")), found.SelectMany(window => window.Tokens.Select(token => (double)token)));
            Near(Numbers(windows.GetProperty("logit")), [.. found.Select(window => window.Score)], 2e-4);
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

        var answer = await service.AskAsync<ShapAnswer>(
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
        Near(Numbers(shapley.GetProperty("values")), answer.Units.Scores(), 1e-3);
        Near(Flat(shapley.GetProperty("shapley_interaction_index")), Flat(answer.Interactions!), 1e-3);
        Assert.Equal(shapley.GetProperty("base_value").GetDouble(), answer.BaseValue, 1e-3);
        Assert.Equal(shapley.GetProperty("full_value").GetDouble(), answer.Value, 1e-3);
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
}
