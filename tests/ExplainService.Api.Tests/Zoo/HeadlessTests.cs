using System.Text.Json;
using ExplainService.Goldens;
using ExplainService.Graph;
using ExplainService.Graph.Onnx;
using ExplainService.Testing;

namespace ExplainService.Api.Tests.Zoo;

/// <summary>A model without a task head (a BERT whose hidden states come out): what can be shown is, the rest says why not.</summary>
public sealed class HeadlessTests(HeadlessTests.Headless service) : IClassFixture<HeadlessTests.Headless>
{
    private const string Text = "a gripping, funny film!";

    [Fact]
    public async Task Tokens_and_attention_are_the_whole_model_s()
    {
        var (status, tokens) = await service.PostAsync("/tokenize", new { text = Text });
        Assert.Equal(200, status);
        var (shown, attention) = await service.PostAsync("/attention", new { text = Text });
        Assert.Equal(200, shown);
        Assert.Equal(11, tokens.GetProperty("tokens").GetArrayLength());
        using var golden = ReferenceData.Json("zoo", "bert-cls", "golden.json");
        var expected = golden.RootElement.GetProperty("cases")[0].GetProperty("attentions");
        for (var layer = 0; layer < expected.GetArrayLength(); layer++)
        {
            Assert.Equal(expected[layer][0][1][2][3].GetDouble(), attention.GetProperty("attention")[layer][1][2][3].GetDouble(), 1e-4);
        }

        var (rolled, _) = await service.PostAsync("/attention", new { text = Text, aggregate = "rollout" });
        Assert.Equal(200, rolled);
    }

    [Theory]
    [InlineData("/predict")]
    [InlineData("/saliency")]
    [InlineData("/occlusion")]
    [InlineData("/shap")]
    [InlineData("/lime")]
    public async Task What_needs_a_head_says_so(string path)
    {
        var (status, problem) = await service.PostAsync(path, new { text = Text });
        Assert.Equal(422, status);
        Assert.Contains("task head", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_target_is_refused_rather_than_ignored()
    {
        var (status, problem) = await service.PostAsync("/attention", new { text = Text, target = new { label = 1 } });
        Assert.Equal(422, status);
        Assert.Equal(["target"], problem.GetProperty("errors").EnumerateObject().Select(error => error.Name));
        var (relevance, _) = await service.PostAsync("/attention", new { text = Text, aggregate = "gradient_relevance" });
        Assert.Equal(422, relevance);
    }

    [Fact]
    public async Task The_list_of_models_says_what_it_supports()
    {
        await service.PostAsync("/tokenize", new { text = Text });
        var model = JsonDocument
            .Parse(
                await service.Client.GetStringAsync(new Uri("/models/headless", UriKind.Relative), TestContext.Current.CancellationToken)
            )
            .RootElement;
        Assert.Equal("feature_extraction", model.GetProperty("task").GetString());
        var supports = model.GetProperty("supports");
        Assert.All(
            supports.EnumerateObject(),
            feature =>
            {
                var open =
                    feature.Name == "tokenize"
                    || (feature.Name.StartsWith("attention.", StringComparison.Ordinal) && feature.Name != "attention.gradient_relevance");
                Assert.Equal(open, feature.Value.GetProperty("supported").GetBoolean());
                Assert.Equal(!open, feature.Value.TryGetProperty("reason", out _));
            }
        );
    }

    /// <summary>The zoo's BERT classifier, cut behind its last layer.</summary>
    public sealed class Headless : TestHost
    {
        private readonly string folder = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());

        public Headless()
        {
            var (from, to) = (ReferenceData.PathOf("zoo", "bert-cls"), Path.Combine(folder, "headless"));
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
            var graph = OnnxFile.Load(Path.Combine(from, "model.onnx"));
            var states = graph.Nodes.Last(node => node.Op == "LayerNormalization").Output;
            graph.Add(new Node("Identity", [states], ["last_hidden_state"]));
            graph.Outputs.Clear();
            graph.Outputs.Add(new ValueInfo("last_hidden_state", ElementType.Float, null));
            graph.RemoveDead();
            File.WriteAllBytes(Path.Combine(to, "model.onnx"), GraphSerializer.Serialize(graph));
        }

        protected override IEnumerable<(string Key, string Value)> Settings => [("Models:Directory", folder)];

        protected override string TemporaryFolder => folder;
    }
}
