using ExplainService.Api.Tests.Zoo;
using ExplainService.Methods.Inside;

namespace ExplainService.Api.Tests.Inside;

/// <summary>Behind the last layer the lens sees what the model says; a model with everything as it is loses nothing.</summary>
public sealed class LensTests(ZooService zoo) : IClassFixture<ZooService>
{
    public static TheoryData<string> Models() =>
        [
            "bert-cls",
            "bert-cls.O2",
            "bert-cls.dynamo",
            "bert-ner",
            "bert-qa",
            "bert-mlm",
            "distilbert-cls",
            "roberta-cls",
            "albert-cls",
            "deberta-cls",
            "modernbert-cls",
            "gpt2-cls",
            "gpt2-lm",
            "gpt2-lm.past",
            "llama-lm",
            "qwen3-lm",
        ];

    [Theory]
    [MemberData(nameof(Models))]
    public async Task The_last_layers_lens_is_the_prediction(string model)
    {
        var request = RequestOf(model, ("method", "lens"), ("objective", "logit"));
        var lens = await zoo.AskAsync<LayersAnswer>("/layers", request);
        var last = lens.Layers[^1];
        Assert.Equal(Enumerable.Range(0, lens.Layers.Count), lens.Layers.Select(layer => layer.Layer));
        var ablation = await zoo.AskAsync<AblationAnswer>("/ablation", RequestOf(model, ("of", "layers"), ("objective", "logit")));
        Assert.Equal(ablation.Value, last.Value!.Value, 1e-3 * Math.Max(1, Math.Abs(ablation.Value)));
        Assert.Equal(lens.Layers.Count - 1, ablation.Layers!.Count);
        if (lens.Prediction!.Labels is { } labels && last.Labels is { } seen)
        {
            var strongest = labels.MaxBy(label => label.Logit)!;
            var same = seen.MaxBy(label => label.Logit)!;
            Assert.Equal((strongest.Label, strongest.Index), (same.Label, same.Index));
            Assert.Equal(strongest.Logit!.Value, same.Logit!.Value, 1e-3);
        }
    }

    [Fact]
    public async Task The_decoder_of_a_translator_is_no_matter_of_the_encoders_layers()
    {
        var refused = await zoo.RefuseAsync(
            "/layers",
            new
            {
                model = "t5-s2s",
                text = "good film",
                method = "lens",
            }
        );
        Assert.Contains("encoder", refused.Detail, StringComparison.Ordinal);
    }

    private static Dictionary<string, string> RequestOf(string model, params (string Name, string Value)[] more)
    {
        var request = new Dictionary<string, string>
        {
            ["model"] = model,
            ["text"] = model == "bert-mlm" ? "a [MASK] film" : "a gripping film",
        };
        if (model == "bert-qa")
        {
            request["pair"] = "the film is gripping";
        }

        foreach (var (name, value) in more)
        {
            request[name] = value;
        }

        return request;
    }
}
