using ExplainService.Goldens;
using ExplainService.Methods.Attention;
using ExplainService.Methods.Contracts;
using ExplainService.Methods.Occlusion;
using ExplainService.Methods.Predictions;
using ExplainService.Methods.Saliency;
using ExplainService.Methods.Shapley;
using ExplainService.Testing;

namespace ExplainService.Api.Tests.Zoo;

/// <summary>Labels of the caller's own, by a model of natural language inference.</summary>
public sealed class ZeroShotTests(ZeroShotTests.Inference service) : IClassFixture<ZeroShotTests.Inference>
{
    private const string Text = "a gripping, funny film!";
    private static readonly string[] Labels = ["comedy", "drama", "weather"];

    [Theory]
    [InlineData(null)]
    [InlineData("It is about {}.")]
    public async Task Labels_are_weighed_by_how_far_the_text_entails_their_hypotheses(string? template)
    {
        var answer = await service.AskAsync<PredictAnswer>("/predict", Request(template));
        var logits = new List<double>();
        foreach (var label in Labels)
        {
            var pair = (template ?? "This example is {}.").Replace("{}", label, StringComparison.Ordinal);
            var inference = await service.AskAsync<PredictAnswer>("/predict", new { text = Text, pair });
            logits.Add(inference.Prediction!.Labels!.Single(one => one.Label == "ENTAILMENT").Logit!.Value);
        }

        var sum = logits.Sum(Math.Exp);
        Assert.Equal(Labels, answer.Prediction!.Labels!.Select(label => label.Label));
        foreach (var (index, label) in answer.Prediction.Labels!.Index())
        {
            Assert.Equal(logits[index], label.Logit!.Value, 1e-5);
            Assert.Equal(Math.Exp(logits[index]) / sum, label.Probability!.Value, 1e-5);
        }

        Assert.Equal(Labels[logits.IndexOf(logits.Max())], answer.Prediction.Label);
        Assert.Equal(answer.Prediction.Index, answer.Target!.Index);
    }

    [Fact]
    public async Task One_label_is_set_against_another()
    {
        var logits = (await service.AskAsync<PredictAnswer>("/predict", Request(null))).Prediction!.Labels!;
        var shap = await service.AskAsync<ShapAnswer>(
            "/shap",
            new
            {
                text = Text,
                labels = Labels,
                target = new { label = "comedy" },
                against = new { label = "weather" },
            }
        );
        Assert.Equal(logits[0].Logit!.Value - logits[2].Logit!.Value, shap.Value, 1e-4);
        Assert.Equal("weather", shap.Against!.Label);
        Assert.Equal(shap.Value - shap.BaseValue, shap.Units.Scores().Sum(), 1e-4);
        var (both, one, other) = (await GradientAsync(0, 2), await GradientAsync(0, null), await GradientAsync(2, null));
        Assert.All(both.Zip(one.Zip(other, (a, b) => a - b)), pair => Assert.Equal(pair.Second, pair.First, 1e-3));
        Assert.Contains(
            "against",
            await service.RefusedFieldsAsync("/shap", """{"text": "a film", "labels": ["comedy"], "against": {"label": "comedy"}}""")
        );

        async Task<double[]> GradientAsync(int label, int? against) =>
            (
                await service.AskAsync<SaliencyAnswer>(
                    "/saliency",
                    new
                    {
                        text = Text,
                        labels = Labels,
                        method = "input_x_gradient",
                        objective = "logit",
                        target = new { label },
                        against = against is { } foil ? new { label = foil } : null,
                    }
                )
            ).Tokens.Scores();
    }

    [Fact]
    public async Task A_single_label_is_weighed_against_contradiction()
    {
        var answer = await service.AskAsync<PredictAnswer>("/predict", new { text = Text, labels = new[] { "comedy" } });
        var inference = await service.AskAsync<PredictAnswer>("/predict", new { text = Text, pair = "This example is comedy." });
        var (entailed, contradicted) = (inference.Prediction!.Labels![2].Logit!.Value, inference.Prediction.Labels[0].Logit!.Value);
        Assert.Equal(1 / (1 + Math.Exp(contradicted - entailed)), answer.Prediction!.Probability!.Value, 1e-5);
    }

    [Theory]
    [MemberData(nameof(CataloguePaths.ScoringUnits), MemberType = typeof(CataloguePaths))]
    public async Task The_words_of_the_text_are_explained_for_one_label_and_for_all(string path)
    {
        var one = await service.AskAsync<UnitExplanation>(
            path,
            new
            {
                text = Text,
                labels = Labels,
                target = new { label = "drama" },
            }
        );
        Assert.Equal(("drama", 1), (one.Target!.Label, one.Target.Index));
        Assert.All(one.Units, unit => Assert.Equal(Text[unit.Start..unit.End], unit.Text));
        Assert.Contains(one.Units, unit => unit.Score!.Value != 0);
        Assert.DoesNotContain(one.Tokens, token => token.In is not null || token.Text == "drama");
        var all = await service.AskAsync<UnitExplanation>(
            path,
            new
            {
                text = Text,
                labels = Labels,
                target = new { labels = "all" },
            }
        );
        Assert.Equal(Labels, all.Labels!.Select(label => label.Label));
        for (var unit = 0; unit < one.Units.Count; unit++)
        {
            Assert.Equal(one.Units[unit].Score!.Value, all.Labels![1].Scores[unit], 1e-5);

            // Probabilities of all labels are 1 whatever becomes of the text.
            Assert.Equal(0, all.Labels.Sum(label => label.Scores[unit]), 1e-5);
        }
    }

    [Theory]
    [InlineData("probability", 3)]
    [InlineData("log_probability", 3)]
    [InlineData("logit", 3)]
    [InlineData("probability", 1)]
    [InlineData("log_probability", 1)]
    [InlineData("logit", 1)]
    public async Task Integrated_gradients_and_shapley_values_add_up(string objective, int count)
    {
        var labels = Labels[..count];
        var gradients = await service.AskAsync<SaliencyAnswer>(
            "/saliency",
            new
            {
                text = Text,
                labels,
                objective,
                baseline = "pad",
                steps = 300,
            }
        );
        var shapley = await service.AskAsync<ShapAnswer>(
            "/shap",
            new
            {
                text = Text,
                labels,
                objective,
                replacement = "pad",
                algorithm = "exact",
            }
        );
        var change = shapley.Value - shapley.BaseValue;
        Assert.Equal(change, shapley.Units.Sum(unit => unit.Score!.Value), 1e-5);
        Assert.Equal(change, gradients.Units.Sum(unit => unit.Score!.Value), 5e-3 * Math.Max(1, Math.Abs(change)));
        if (objective == "probability")
        {
            Assert.Equal(gradients.Prediction!.Probability!.Value, shapley.Value, 1e-5);
        }
    }

    [Fact]
    public async Task Occlusion_is_the_drop_that_predict_shows()
    {
        var answer = await service.AskAsync<OcclusionAnswer>("/occlusion", new { text = "funny film", labels = Labels });
        var (whole, changed) = (await ProbabilityAsync("funny film"), await ProbabilityAsync("[MASK] film"));
        Assert.Equal(whole - changed, answer.Units[0].Score!.Value, 1e-5);

        async Task<double> ProbabilityAsync(string text) =>
            (await service.AskAsync<PredictAnswer>("/predict", new { text, labels = Labels }))
                .Prediction!
                .Labels![answer.Target!.Index!.Value]
                .Probability!
                .Value;
    }

    [Theory]
    [InlineData("none")]
    [InlineData("rollout")]
    [InlineData("gradient_relevance")]
    public async Task Attention_is_that_of_the_text_beside_the_target_s_hypothesis(string aggregate)
    {
        var answer = await service.AskAsync<AttentionAnswer>(
            "/attention",
            new
            {
                text = Text,
                labels = Labels,
                aggregate,
                target = new { label = "weather" },
            }
        );
        Assert.Contains(answer.Tokens, token => token.In == "pair" && !token.Special);
        var pair = await service.AskAsync<AttentionAnswer>(
            "/attention",
            new
            {
                text = Text,
                pair = "This example is weather.",
                aggregate,
                objective = "logit",
                target = new { label = 2 },
            }
        );
        Assert.Equal(pair.Tokens.Count, answer.Tokens.Count);
        if (aggregate == "none")
        {
            Assert.Equal(pair.Attention![1][0][2][3], answer.Attention![1][0][2][3], 1e-5);
        }
        else if (aggregate == "rollout")
        {
            Assert.Equal(pair.Scores!, answer.Scores!);
        }
        else
        {
            // The same tokens matter, each by as much less as the softmax lets through.
            Assert.Equal(Array.IndexOf(pair.Scores!, pair.Scores!.Max()), Array.IndexOf(answer.Scores!, answer.Scores!.Max()));
            Assert.True(answer.Scores![1] < pair.Scores![1]);
        }
    }

    [Fact]
    public async Task What_cannot_be_asked_is_refused_by_name()
    {
        var other = await service.RefuseAsync(
            "/predict",
            new
            {
                model = "bert-cls",
                text = Text,
                labels = Labels,
            }
        );
        Assert.Contains("\"neutral\"", other.Detail, StringComparison.Ordinal);
        Assert.Equal(["labels"], other.Errors!.Keys);
        foreach (var labels in new[] { [], ["a", "a"], new[] { "a", " " } })
        {
            Assert.Equal(["labels"], await service.RefusedFieldsAsync("/predict", new { text = Text, labels }, 400));
        }

        Assert.Equal(
            ["labels"],
            await service.RefusedFieldsAsync(
                "/predict",
                new
                {
                    text = Text,
                    pair = Text,
                    labels = Labels,
                },
                400
            )
        );
        Assert.Equal(["hypothesis_template"], await service.RefusedFieldsAsync("/predict", Request("no place"), 400));
        Assert.Equal(
            ["hypothesis_template"],
            await service.RefusedFieldsAsync("/predict", new { text = Text, hypothesis_template = "{}" }, 400)
        );
        var long_ = string.Join(' ', Enumerable.Repeat("film", 100));
        Assert.Equal(["text"], await service.RefusedFieldsAsync("/predict", new { text = long_, labels = Labels }));
        var cut = await service.AskAsync<OcclusionAnswer>(
            "/occlusion",
            new
            {
                text = long_,
                labels = Labels,
                overflow = "truncate",
            }
        );
        Assert.Equal(cut.Unseen![0].Start, cut.Units[^1].End);
    }

    private static object Request(string? template) =>
        template is null
            ? new { text = Text, labels = Labels }
            : new
            {
                text = Text,
                labels = Labels,
                hypothesis_template = template,
            };

    /// <summary>The zoo's BERT classifier as it is, and with the labels of an inference.</summary>
    public sealed class Inference : TestHost
    {
        private readonly string folder = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());

        public Inference()
        {
            foreach (var name in new[] { "bert-cls", "bert-nli" })
            {
                var (from, to) = (ReferenceData.PathOf("zoo", "bert-cls"), Path.Combine(folder, name));
                Directory.CreateDirectory(to);
                foreach (var file in Directory.EnumerateFiles(from))
                {
                    File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
                }
            }

            var config = Path.Combine(folder, "bert-nli", "config.json");
            File.WriteAllText(
                config,
                File.ReadAllText(config)
                    .Replace("\"negative\"", "\"contradiction\"", StringComparison.Ordinal)
                    .Replace("\"positive\"", "\"ENTAILMENT\"", StringComparison.Ordinal)
            );
        }

        protected override IEnumerable<(string Key, string Value)> Settings =>
            [("Models:Directory", folder), ("Models:Default", "bert-nli")];

        protected override string TemporaryFolder => folder;
    }
}
