using ExplainService.Goldens;
using ExplainService.Graph;
using ExplainService.Graph.Building;
using ExplainService.Graph.Onnx;
using ExplainService.Methods.Attention;
using ExplainService.Methods.Predictions;
using ExplainService.Runtime;
using ExplainService.Testing;

namespace ExplainService.Api.Tests.Zoo;

/// <summary>A model without a task head (a BERT whose hidden states come out) and one text: what can be shown is, the rest says why not.</summary>
public sealed class HeadlessTests(HeadlessTests.Headless service) : IClassFixture<HeadlessTests.Headless>
{
    private const string Text = "a gripping, funny film!";

    [Fact]
    public async Task Tokens_and_attention_are_the_whole_model_s()
    {
        var tokens = await service.AskAsync<TokenizeAnswer>("/tokenize", new { text = Text });
        var attention = await service.AskAsync<AttentionAnswer>("/attention", new { text = Text });
        Assert.Equal(11, tokens.Tokens.Count);
        using var golden = ReferenceData.Json("zoo", "bert-cls", "golden.json");
        var expected = golden.RootElement.GetProperty("cases")[0].GetProperty("attentions");
        for (var layer = 0; layer < expected.GetArrayLength(); layer++)
        {
            Assert.Equal(expected[layer][0][1][2][3].GetDouble(), attention.Attention![layer][1][2][3], 1e-4);
        }

        await service.AskAsync<AttentionAnswer>("/attention", new { text = Text, aggregate = "rollout" });
    }

    [Theory]
    [MemberData(nameof(CataloguePaths.NeedingAHead), MemberType = typeof(CataloguePaths))]
    public async Task A_method_that_needs_a_head_says_so(string path)
    {
        var problem = await service.RefuseAsync(path, new { text = Text });
        Assert.Contains("task head", problem.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_target_is_refused_rather_than_ignored()
    {
        var problem = await service.RefuseAsync("/attention", new { text = Text, target = new { label = 1 } });
        Assert.Equal(["target"], problem.Errors!.Keys);
        await service.RefuseAsync("/attention", new { text = Text, aggregate = "gradient_relevance" });
    }

    [Fact]
    public async Task The_list_of_models_says_what_it_supports()
    {
        await service.PostAsync("/tokenize", new { text = Text });
        var model = await service.Client.ModelAsync("headless");
        Assert.Equal(ModelTask.FeatureExtraction, model.Task);
        string[] others = ["counterfactual.", "layers.", "ablation.", "neurons.cp_lrp", "neurons.gradient_x_activation"];
        Assert.All(
            model.Supports!,
            feature =>
                Assert.Equal(!Array.Exists(others, name => feature.Key.StartsWith(name, StringComparison.Ordinal)), feature.Value.Supported)
        );
        await service.PostAsync("/tokenize", new { model = "headless-dense", text = Text });
        Assert.All(
            (await service.Client.ModelAsync("headless-dense")).Supports!,
            feature =>
            {
                var open =
                    feature.Key is "tokenize" or "neurons.activation"
                    || (feature.Key.StartsWith("attention.", StringComparison.Ordinal) && feature.Key != "attention.gradient_relevance");
                Assert.Equal(open, feature.Value.Supported);
                Assert.Equal(!open, feature.Value.Reason is not null);
            }
        );
    }

    /// <summary>The zoo's BERT classifier, cut behind its last layer, in folders that say how its tokens are pooled.</summary>
    public sealed class Headless : TestHost
    {
        private readonly string folder = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());

        public Headless()
        {
            Make("headless", null);
            Make("headless-cls", """{"word_embedding_dimension": 32, "pooling_mode_cls_token": true, "pooling_mode_mean_tokens": false}""");
            Make("headless-max", """{"pooling_mode_max_tokens": true}""");
            Make("headless-sqrt", """{"pooling_mode_mean_sqrt_len_tokens": true}""");
            Make("headless-unknown", """{"pooling_mode_by_magic": true}""");
            Make("headless-finished", """{"pooling_mode_by_magic": true}""", finished: true);
            Make("headless-dense", null);
            File.WriteAllText(
                Path.Combine(folder, "headless-dense", "modules.json"),
                """
                [{"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"},
                 {"idx": 1, "name": "1", "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"},
                 {"idx": 2, "name": "2", "path": "2_Dense", "type": "sentence_transformers.models.Dense"}]
                """
            );
        }

        protected override IEnumerable<(string Key, string Value)> Settings =>
            [("Models:Directory", folder), ("Models:Default", "headless")];

        protected override string TemporaryFolder => folder;

        private void Make(string name, string? pooling, bool finished = false)
        {
            var (from, to) = (ReferenceData.PathOf("zoo", "bert-cls"), Path.Combine(folder, name));
            Directory.CreateDirectory(to);
            foreach (var file in Directory.EnumerateFiles(from, "*token*").Append(Path.Combine(from, "vocab.txt")))
            {
                File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
            }

            File.WriteAllText(
                Path.Combine(to, "config.json"),
                File.ReadAllText(Path.Combine(from, "config.json"))
                    .Replace("BertForSequenceClassification", "BertModel", StringComparison.Ordinal)
            );
            if (pooling is not null)
            {
                Directory.CreateDirectory(Path.Combine(to, "1_Pooling"));
                File.WriteAllText(Path.Combine(to, "1_Pooling", "config.json"), pooling);
            }

            var graph = OnnxFile.Load(Path.Combine(from, "model.onnx"));
            var states = graph.Nodes.Last(node => node.Op == "LayerNormalization").Output;
            graph.Add(new Node("Identity", [states], ["last_hidden_state"]));
            graph.Outputs.Clear();
            graph.Outputs.Add(new ValueInfo("last_hidden_state", ElementType.Float, null));
            if (finished)
            {
                var tape = new Tape(graph);
                var mask = tape["attention_mask"].Cast(ElementType.Float).Unsqueeze(2);
                var mean = (tape[states] * mask).ReduceSum([1], keepdims: false) / mask.ReduceSum([1], keepdims: false);
                tape.Output(mean, "sentence_embedding");
            }

            graph.RemoveDead();
            File.WriteAllBytes(Path.Combine(to, "model.onnx"), GraphSerializer.Serialize(graph));
        }
    }
}
