using ExplainService.Methods.Attention;
using ExplainService.Methods.Contracts;
using ExplainService.Methods.Occlusion;
using ExplainService.Methods.Predictions;
using ExplainService.Methods.Saliency;
using ExplainService.Methods.Shapley;

namespace ExplainService.Api.Tests.Zoo;

/// <summary>Two texts and a model without a head: every method explains the cosine of their embeddings.</summary>
public sealed class SimilarityTests(HeadlessTests.Headless service) : IClassFixture<HeadlessTests.Headless>
{
    private const string Text = "a gripping, funny film!";
    private const string Pair = "the plot is dull";

    /// <summary>The folder's word on pooling, and what the embedding is of the states that it pools.</summary>
    public static TheoryData<string> Folders => ["headless", "headless-cls", "headless-max", "headless-sqrt", "headless-finished"];

    [Theory]
    [MemberData(nameof(CataloguePaths.ScoringUnits), MemberType = typeof(CataloguePaths))]
    public async Task Units_of_both_texts_are_explained(string path)
    {
        var answer = await service.AskAsync<UnitExplanation>(path, new { text = Text, pair = Pair });
        var prediction = (await service.AskAsync<PredictAnswer>("/predict", new { text = Text, pair = Pair })).Prediction!;
        Assert.InRange(prediction.Similarity!.Value, -1, 1);
        Assert.Equal(prediction.Similarity, answer.Prediction!.Similarity);
        Assert.True(answer.Target!.Similarity);
        var units = answer.Units.ToArray();
        Assert.Equal([null, "pair"], units.Select(unit => unit.In).Distinct());
        Assert.All(units, unit => Assert.Equal((unit.In is null ? Text : Pair)[unit.Start..unit.End], unit.Text));
        Assert.All([null, "pair"], side => Assert.Contains(units, unit => unit.In == side && unit.Score!.Value != 0));
        Assert.Equal(2, answer.Tokens.Count(token => token.Token == "[CLS]"));
        Assert.Equal(units.SelectMany(unit => unit.Tokens), answer.Tokens.Where(token => !token.Special).Select(token => token.Index));
    }

    [Theory]
    [MemberData(nameof(Folders))]
    public async Task A_text_is_like_itself_and_order_does_not_matter(string model)
    {
        Assert.Equal(1, await SimilarityAsync(model, Text, Text), 1e-5);
        var (one, other) = (await SimilarityAsync(model, Text, Pair), await SimilarityAsync(model, Pair, Text));
        Assert.Equal(one, other, 1e-6);
        Assert.InRange(one, -1, 0.999);
    }

    [Fact]
    public async Task Pooling_is_the_folder_s_own()
    {
        var mean = await SimilarityAsync("headless", Text, Pair);
        Assert.Equal(mean, await SimilarityAsync("headless-sqrt", Text, Pair), 1e-6);
        Assert.Equal(mean, await SimilarityAsync("headless-finished", Text, Pair), 1e-5);
        var first = await SimilarityAsync("headless-cls", Text, Pair);
        var largest = await SimilarityAsync("headless-max", Text, Pair);
        Assert.Equal(3, new[] { mean, first, largest }.Distinct().Count());
    }

    [Theory]
    [MemberData(nameof(Folders))]
    public async Task Integrated_gradients_add_up_to_the_model_s_own_change(string model)
    {
        var answer = await service.AskAsync<SaliencyAnswer>(
            "/saliency",
            new
            {
                model,
                text = Text,
                pair = Pair,
                baseline = "pad",
                steps = 400,
            }
        );
        var empty = await service.AskAsync<ShapAnswer>(
            "/shap",
            new
            {
                model,
                text = Text,
                pair = Pair,
                replacement = "pad",
                granularity = "sentence",
                algorithm = "exact",
            }
        );
        Assert.Equal(answer.Prediction!.Similarity!.Value, empty.Value, 1e-5);
        Assert.Equal(empty.Value - empty.BaseValue, answer.Units.Sum(unit => unit.Score!.Value), 5e-3);
        Assert.InRange(answer.CompletenessError!.Value, 0, 5e-3);
        Assert.Equal(empty.Value - empty.BaseValue, empty.Units.Sum(unit => unit.Score!.Value), 1e-6);
    }

    [Fact]
    public async Task Occlusion_is_the_drop_that_predict_shows()
    {
        var answer = await service.AskAsync<OcclusionAnswer>(
            "/occlusion",
            new
            {
                text = "funny film",
                pair = Pair,
                replacement = "mask",
            }
        );
        var whole = await SimilarityAsync("headless", "funny film", Pair);
        Assert.Equal(whole - await SimilarityAsync("headless", "[MASK] film", Pair), answer.Units[0].Score!.Value, 1e-5);
        Assert.Equal(
            whole - await SimilarityAsync("headless", "funny film", "the plot is [MASK]"),
            answer.Units.Last(unit => unit.Text == "dull").Score!.Value,
            1e-5
        );
    }

    [Fact]
    public async Task Gradients_are_those_of_the_cosine()
    {
        // Of one text compared with itself nothing moves the cosine; of a pair the directions along the embeddings themselves do not.
        var same = await service.AskAsync<SaliencyAnswer>("/saliency", Gradient(Text, Text));
        var other = await service.AskAsync<SaliencyAnswer>("/saliency", Gradient(Text, Pair));
        Assert.All(same.Units, unit => Assert.InRange(unit.Score!.Value, 0, 1e-4 * other.Units.Max(one => one.Score!.Value)));
        var turned = await service.AskAsync<SaliencyAnswer>("/saliency", Gradient(Pair, Text));
        Assert.Equal(
            other.Units.Where(unit => unit.In is null).Select(unit => Math.Round(unit.Score!.Value, 5)),
            turned.Units.Where(unit => unit.In is not null).Select(unit => Math.Round(unit.Score!.Value, 5))
        );

        static object Gradient(string text, string pair) =>
            new
            {
                text,
                pair,
                method = "gradient",
            };
    }

    [Theory]
    [InlineData("rollout")]
    [InlineData("flow")]
    [InlineData("gradient_relevance")]
    public async Task Attention_is_that_of_each_text_and_none_between_them(string aggregate)
    {
        var answer = await service.AskAsync<AttentionAnswer>(
            "/attention",
            new
            {
                text = Text,
                pair = Pair,
                aggregate,
            }
        );
        var own = answer.Tokens.Count(token => token.In is null) - 2;
        Assert.Equal(answer.Tokens.Count, answer.Scores!.Length);
        Assert.All(Enumerable.Range(0, own), token => Assert.Equal(0, answer.Matrix![token][^1]));
        Assert.All(answer.Tokens, token => Assert.True(token.Special || answer.Scores[token.Index] > 0));
        if (aggregate == "rollout")
        {
            var alone = await service.AskAsync<AttentionAnswer>("/attention", new { text = Text, aggregate });
            Assert.Equal(alone.Matrix![1][2], answer.Matrix![1][2], 1e-5);
            Assert.Equal(alone.Scores![2], 2 * answer.Scores[2], 1e-5);
            Assert.Equal(1, answer.Scores.Sum(), 1e-4);
        }
    }

    [Fact]
    public async Task Maps_have_a_block_for_each_text()
    {
        var both = await service.AskAsync<AttentionAnswer>("/attention", new { text = Text, pair = Pair });
        var pair = await service.AskAsync<AttentionAnswer>("/attention", new { text = Pair });
        var n = both.Tokens.Count - pair.Tokens.Count;
        Assert.Equal(pair.Attention![0][0][1][2], both.Attention![0][0][n + 1][n + 2], 1e-5);
        Assert.Equal(0, both.Attention[0][0][1][n + 1]);
        Assert.All(both.Attention[1][1], row => Assert.Equal(1, row.Sum(), 1e-4));
    }

    [Fact]
    public async Task What_cannot_be_asked_is_refused_by_name()
    {
        Assert.Equal(["pair"], await service.RefusedFieldsAsync("/predict", new { text = Text }));
        Assert.Equal(
            ["target.label"],
            await service.RefusedFieldsAsync(
                "/shap",
                new
                {
                    text = Text,
                    pair = Pair,
                    target = new { label = 1 },
                }
            )
        );
        Assert.Equal(
            ["target.similarity"],
            await service.RefusedFieldsAsync(
                "/shap",
                new
                {
                    text = Text,
                    pair = Pair,
                    target = new { similarity = false },
                },
                400
            )
        );
        Assert.Equal(
            ["objective"],
            await service.RefusedFieldsAsync(
                "/shap",
                new
                {
                    text = Text,
                    pair = Pair,
                    objective = "probability",
                }
            )
        );
        var unknown = await service.RefuseAsync(
            "/predict",
            new
            {
                model = "headless-unknown",
                text = Text,
                pair = Pair,
            }
        );
        Assert.Contains("pooling_mode_by_magic", unknown.Detail, StringComparison.Ordinal);
        var dense = await service.RefuseAsync(
            "/predict",
            new
            {
                model = "headless-dense",
                text = Text,
                pair = Pair,
            }
        );
        Assert.Contains("Dense", dense.Detail, StringComparison.Ordinal);
        await service.AskAsync<AttentionAnswer>("/attention", new { model = "headless-dense", text = Text });
    }

    [Fact]
    public async Task Each_text_must_fit_by_itself()
    {
        var words = string.Join(' ', Enumerable.Repeat("film", 100));
        Assert.Equal(["pair"], await service.RefusedFieldsAsync("/occlusion", new { text = Text, pair = words }));
        Assert.Equal(
            ["overflow"],
            await service.RefusedFieldsAsync(
                "/occlusion",
                new
                {
                    text = Text,
                    pair = words,
                    overflow = "window",
                }
            )
        );
        var answer = await service.AskAsync<OcclusionAnswer>(
            "/occlusion",
            new
            {
                text = Text,
                pair = words,
                overflow = "truncate",
            }
        );
        var unseen = Assert.Single(answer.Unseen!);
        Assert.Equal(("pair", words.Length), (unseen.In, unseen.End));
        Assert.Equal(unseen.Start, answer.Units[^1].End);
    }

    [Fact]
    public async Task A_picture_says_what_moves_the_similarity()
    {
        using var content = System.Net.Http.Json.JsonContent.Create(new { text = Text, pair = Pair });
        using var answer = await service.Client.PostAsync(new Uri("/shap?format=svg", UriKind.Relative), content);
        Assert.Contains("what moves the similarity", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private async Task<double> SimilarityAsync(string model, string text, string pair) => (
            await service.AskAsync<PredictAnswer>(
                "/predict",
                new
                {
                    model,
                    text,
                    pair,
                }
            )
        ).Prediction!.Similarity!.Value;
}
