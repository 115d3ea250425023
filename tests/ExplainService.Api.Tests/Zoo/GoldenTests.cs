using System.Text.Json;
using static ExplainService.Api.Tests.JsonNumbers;

namespace ExplainService.Api.Tests.Zoo;

/// <summary>Every golden.json of a collection of models through HTTP. Variants in float32 must give their base's numbers.</summary>
public abstract class GoldenTests<TCollection>(ServiceOf<TCollection> service)
    where TCollection : IModelCollection
{
    public static TheoryData<string> Exact => [.. ZooCase.Models(TCollection.Folder).Where(ZooCase.IsExact)];

    [Theory]
    [MemberData(nameof(Exact))]
    public async Task Tokens_and_logits_are_those_of_PyTorch(string model)
    {
        foreach (var one in ZooCase.Of(TCollection.Folder, model))
        {
            var answer = await service.AskAsync("/predict", one.Request(("top_k", 1000)));
            Assert.Equal(one.Ids, answer.GetProperty("tokens").EnumerateArray().Select(token => token.GetProperty("id").GetInt32()));
            CompareLogits(one, answer.GetProperty("prediction"));
        }
    }

    [Theory]
    [MemberData(nameof(Exact))]
    public async Task Attention_is_that_of_PyTorch(string model)
    {
        foreach (var one in ZooCase.Of(TCollection.Folder, model))
        {
            if (!one.HasDecoder)
            {
                var answer = await AskAsync("/attention", one);
                Near(one.Maps("attentions", one.Ids.Length, one.Ids.Length), Flat(answer.GetProperty("attention")), 1e-4);
                continue;
            }

            var decoder = one.IsSeq2Seq ? one.Before.Length + 1 : one.Ids.Length;
            foreach (
                var (kind, name, queries, keys) in new[]
                {
                    ("self", "encoder_attentions", one.Ids.Length, one.Ids.Length),
                    ("decoder", "decoder_attentions", decoder, decoder),
                    ("cross", "cross_attentions", decoder, one.Ids.Length),
                }
            )
            {
                var answer = await AskAsync("/attention", one, ("kind", kind));
                Near(one.Maps(name, queries, keys), Flat(answer.GetProperty("attention")), 1e-4);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Exact))]
    public async Task Gradients_are_those_of_PyTorch(string model)
    {
        foreach (var one in ZooCase.Of(TCollection.Folder, model))
        {
            var product = await AskAsync("/saliency", one, ("method", "input_x_gradient"));
            var norm = await AskAsync("/saliency", one, ("method", "gradient"));
            var (products, norms) = (one.PerToken(one.Golden.GetProperty("gradient_x_input")[0]), Norms(one, 0, one.Ids.Length));

            // Where a LayerNorm follows the lookup directly, f does not change with the length of e: Σ e·g is 0 but for rounding of its
            // terms.
            Near(products, Scores(one, product), Math.Max(1e-3 * products.Max(Math.Abs), 1e-5 * norms.Max()));
            NearRelative(norms, Scores(one, norm), 1e-3);
            if (one.IsSeq2Seq)
            {
                var generated = product.GetProperty("generated")[one.Position];
                Assert.Equal(one.Score, generated.GetProperty("score").GetDouble(), 1e-4);
                var earlier = one.PerToken(one.Golden.GetProperty("gradient_x_input")[1], one.Position + 1);
                Near(earlier[1..], Numbers(generated.GetProperty("generated_scores")), 1e-3 * earlier.Max(Math.Abs));
                var decoderNorms = Norms(one, 1, one.Position + 1);
                Near(
                    decoderNorms[1..],
                    Numbers(norm.GetProperty("generated")[one.Position].GetProperty("generated_scores")),
                    1e-3 * decoderNorms.Max()
                );
            }
        }
    }

    [Theory]
    [MemberData(nameof(Exact))]
    public async Task Integrated_gradients_are_those_of_PyTorch(string model)
    {
        foreach (var one in ZooCase.Of(TCollection.Folder, model))
        {
            var answer = await AskAsync("/saliency", one, ("method", "integrated_gradients"), ("steps", 50));
            if (one.Golden.TryGetProperty("integrated_gradients", out var expected))
            {
                Near(one.PerToken(expected.GetProperty("per_token")), Scores(one, answer), 5e-3);
                Assert.Equal(one.Score, answer.GetProperty("path").EnumerateArray().Last().GetProperty("value").GetDouble(), 1e-4);
            }
            else
            {
                Assert.All(
                    answer.GetProperty("generated").EnumerateArray(),
                    token => Assert.InRange(token.GetProperty("completeness_error").GetDouble(), 0, 0.05)
                );
            }
        }
    }

    protected Task<JsonElement> AskAsync(string path, ZooCase one, params (string Name, object Value)[] own) =>
        service.AskAsync(path, one.Request(own));

    /// <summary>Token scores: of the token that is explained, where several are said.</summary>
    protected static double[] Scores(ZooCase one, JsonElement answer) =>
        one.IsSeq2Seq
            ? Numbers(answer.GetProperty("generated")[one.Position].GetProperty("scores"))
            : [.. answer.GetProperty("tokens").EnumerateArray().Select(token => token.GetProperty("score").GetDouble())];

    private static double[] Norms(ZooCase one, int block, int length) =>
        [
            .. one
                .Golden.GetProperty("gradient")[block][one.Row]
                .EnumerateArray()
                .Take(length)
                .Select(token => Math.Sqrt(token.EnumerateArray().Sum(g => g.GetDouble() * g.GetDouble()))),
        ];

    private static void CompareLogits(ZooCase one, JsonElement prediction)
    {
        switch (one.Kind)
        {
            case "class":
                CompareLine(one.Outputs.GetProperty("logits")[one.Row], prediction.GetProperty("labels"));
                break;
            case "token_class":
                for (var token = 0; token < one.Ids.Length; token++)
                {
                    CompareLine(
                        one.Outputs.GetProperty("logits")[one.Row][token],
                        prediction.GetProperty("tokens")[token].GetProperty("labels")
                    );
                }

                break;
            case "span":
                Assert.NotEmpty(prediction.GetProperty("spans").EnumerateArray());
                foreach (var found in prediction.GetProperty("spans").EnumerateArray())
                {
                    var expected =
                        one.Outputs.GetProperty("start_logits")[one.Row][found.GetProperty("span").GetProperty("start_token").GetInt32()]
                            .GetDouble()
                        + one.Outputs.GetProperty("end_logits")[one.Row][found.GetProperty("span").GetProperty("end_token").GetInt32()]
                            .GetDouble();
                    Assert.Equal(expected, found.GetProperty("logit").GetDouble(), 2e-4);
                }

                break;
            case "decoder_token_logprob":
                // The file has the logits at a later position; the token's own log-probability is compared with its gradient.
                break;
            default:
                CompareLine(one.Outputs.GetProperty("logits_at_target")[one.Row], prediction.GetProperty("labels"));
                break;
        }
    }

    private static void CompareLine(JsonElement expected, JsonElement labels)
    {
        Assert.NotEmpty(labels.EnumerateArray());
        foreach (var label in labels.EnumerateArray())
        {
            Assert.Equal(expected[label.GetProperty("index").GetInt32()].GetDouble(), label.GetProperty("logit").GetDouble(), 1e-4);
        }
    }
}
