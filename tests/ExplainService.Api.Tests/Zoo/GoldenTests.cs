using System.Text.Json;
using ExplainService.Methods.Attention;
using ExplainService.Methods.Contracts;
using ExplainService.Methods.Predictions;
using ExplainService.Methods.Saliency;
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
            var answer = await service.AskAsync<PredictAnswer>("/predict", one.Request(("top_k", 1000)));
            Assert.Equal(one.Ids, answer.Tokens.Select(token => token.Id));
            CompareLogits(one, answer.Prediction!);
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
                var answer = await AskAsync<AttentionAnswer>("/attention", one);
                Near(one.Maps("attentions", one.Ids.Length, one.Ids.Length), Flat(answer.Attention!), 1e-4);
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
                var answer = await AskAsync<AttentionAnswer>("/attention", one, ("kind", kind));
                Near(one.Maps(name, queries, keys), Flat(answer.Attention!), 1e-4);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Exact))]
    public async Task Gradients_are_those_of_PyTorch(string model)
    {
        foreach (var one in ZooCase.Of(TCollection.Folder, model))
        {
            var product = await AskAsync<SaliencyAnswer>("/saliency", one, ("method", "input_x_gradient"));
            var norm = await AskAsync<SaliencyAnswer>("/saliency", one, ("method", "gradient"));
            var (products, norms) = (one.PerToken(one.Golden.GetProperty("gradient_x_input")[0]), Norms(one, 0, one.Ids.Length));

            // Where a LayerNorm follows the lookup directly, f does not change with the length of e: Σ e·g is 0 but for rounding of its
            // terms.
            Near(products, Scores(one, product), Math.Max(1e-3 * products.Max(Math.Abs), 1e-5 * norms.Max()));
            NearRelative(norms, Scores(one, norm), 1e-3);
            if (one.IsSeq2Seq)
            {
                var generated = product.Generated![one.Position];
                Assert.Equal(one.Score, generated.Score!.Value, 1e-4);
                var earlier = one.PerToken(one.Golden.GetProperty("gradient_x_input")[1], one.Position + 1);
                Near(earlier[1..], generated.GeneratedScores!, 1e-3 * earlier.Max(Math.Abs));
                var decoderNorms = Norms(one, 1, one.Position + 1);
                Near(decoderNorms[1..], norm.Generated![one.Position].GeneratedScores!, 1e-3 * decoderNorms.Max());
            }
        }
    }

    [Theory]
    [MemberData(nameof(Exact))]
    public async Task Integrated_gradients_are_those_of_PyTorch(string model)
    {
        foreach (var one in ZooCase.Of(TCollection.Folder, model))
        {
            var answer = await AskAsync<SaliencyAnswer>(
                "/saliency",
                one,
                ("method", "integrated_gradients"),
                ("steps", 50),
                ("baseline", "pad")
            );
            if (one.Golden.TryGetProperty("integrated_gradients", out var expected))
            {
                Near(one.PerToken(expected.GetProperty("per_token")), Scores(one, answer), 5e-3);
                Assert.Equal(one.Score, answer.Path![^1].Value, 1e-4);
            }
            else
            {
                Assert.All(answer.Generated!, token => Assert.InRange(token.CompletenessError!.Value, 0, 0.05));
            }
        }
    }

    protected Task<TAnswer> AskAsync<TAnswer>(string path, ZooCase one, params (string Name, object Value)[] own)
        where TAnswer : Explanation => service.AskAsync<TAnswer>(path, one.Request(own));

    /// <summary>Token scores: of the token that is explained, where several are said.</summary>
    protected static double[] Scores(ZooCase one, SaliencyAnswer answer) =>
        one.IsSeq2Seq ? answer.Generated![one.Position].Scores! : answer.Tokens.Scores();

    private static double[] Norms(ZooCase one, int block, int length) =>
        [
            .. one
                .Golden.GetProperty("gradient")[block][one.Row]
                .EnumerateArray()
                .Take(length)
                .Select(token => Math.Sqrt(token.EnumerateArray().Sum(g => g.GetDouble() * g.GetDouble()))),
        ];

    private static void CompareLogits(ZooCase one, Prediction prediction)
    {
        switch (one.Kind)
        {
            case "class":
                CompareLine(one.Outputs.GetProperty("logits")[one.Row], prediction.Labels!);
                break;
            case "token_class":
                for (var token = 0; token < one.Ids.Length; token++)
                {
                    CompareLine(one.Outputs.GetProperty("logits")[one.Row][token], prediction.Tokens![token].Labels!);
                }

                break;
            case "span":
                Assert.NotEmpty(prediction.Spans!);
                foreach (var found in prediction.Spans!)
                {
                    var expected =
                        one.Outputs.GetProperty("start_logits")[one.Row][found.Span.StartToken].GetDouble()
                        + one.Outputs.GetProperty("end_logits")[one.Row][found.Span.EndToken].GetDouble();
                    Assert.Equal(expected, found.Logit, 2e-4);
                }

                break;
            case "decoder_token_logprob":
                // The file has the logits at a later position; the token's own log-probability is compared with its gradient.
                break;
            default:
                CompareLine(one.Outputs.GetProperty("logits_at_target")[one.Row], prediction.Labels!);
                break;
        }
    }

    private static void CompareLine(JsonElement expected, IReadOnlyList<LabelAnswer> labels)
    {
        Assert.NotEmpty(labels);
        foreach (var label in labels)
        {
            Assert.Equal(expected[label.Index].GetDouble(), label.Logit!.Value, 1e-4);
        }
    }
}
