using ExplainService.Goldens;
using ExplainService.Graph;
using ExplainService.Graph.Onnx;
using ExplainService.Methods.Occlusion;
using ExplainService.Methods.Predictions;

namespace ExplainService.Api.Tests.Zoo;

/// <summary>
/// Generating models whose activations are quantised by the range of whatever runs together: what they say of a token does not depend on
/// the tokens behind it.
/// </summary>
public sealed class RoundedGenerationTests(RoundedGenerationTests.Rounding service) : IClassFixture<RoundedGenerationTests.Rounding>
{
    private const string Text = "the acting is worse than that of the first film";

    [Theory]
    [InlineData("t5")]
    [InlineData("gpt2")]
    public async Task A_token_s_probability_does_not_depend_on_what_comes_after_it(string model)
    {
        var longest = await PredictAsync(model, 12);
        Assert.True(longest.Generated!.Count > 3);
        foreach (var length in new[] { 1, 2, 3 })
        {
            var answer = await PredictAsync(model, length);
            Assert.Equal(
                longest.Generated!.Take(length).Select(token => (token.TokenId, token.Probability, token.Score)),
                answer.Generated!.Select(token => (token.TokenId, token.Probability, token.Score))
            );
        }

        Assert.Equal(longest.Prediction!.Index, longest.Generated![0].TokenId);
        Assert.Equal(longest.Prediction!.Probability!.Value, longest.Generated![0].Probability, 1e-9);
    }

    [Theory]
    [InlineData("t5")]
    [InlineData("gpt2")]
    public async Task Given_tokens_are_scored_as_generated_ones(string model)
    {
        var generated = await PredictAsync(model, 5);
        var ids = generated.Generated!.Select(token => token.TokenId).ToArray();
        var given = await service.AskAsync<PredictAnswer>(
            "/predict",
            new
            {
                model,
                text = Text,
                target = new { token_ids = ids },
            }
        );
        Assert.Equal(generated.Generated!.Select(token => token.Score), given.Generated!.Select(token => token.Score));
    }

    [Theory]
    [InlineData("t5")]
    [InlineData("gpt2")]
    public async Task What_a_removed_word_was_worth_does_not_depend_on_later_tokens_either(string model)
    {
        var (one, three) = (await OccludeAsync(model, 1), await OccludeAsync(model, 3));
        Assert.Equal(one.Generated![0].Scores!, three.Generated![0].Scores!);
    }

    private Task<PredictAnswer> PredictAsync(string model, int count) =>
        service.AskAsync<PredictAnswer>(
            "/predict",
            new
            {
                model,
                text = Text,
                max_new_tokens = count,
            }
        );

    private Task<OcclusionAnswer> OccludeAsync(string model, int count) =>
        service.AskAsync<OcclusionAnswer>(
            "/occlusion",
            new
            {
                model,
                text = Text,
                max_new_tokens = count,
            }
        );

    /// <summary>Two of the zoo's models with the activations of every product quantised dynamically.</summary>
    public sealed class Rounded : IModelCollection
    {
        public static string Folder { get; } = Make();

        private static string Make()
        {
            var root = Directory.CreateTempSubdirectory("rounded-").FullName;
            Write(root, "t5", "t5-s2s");
            Write(root, "gpt2", "gpt2-lm");
            return root;
        }

        private static void Write(string root, string name, string source)
        {
            var to = Directory.CreateDirectory(Path.Combine(root, name)).FullName;
            foreach (
                var file in Directory
                    .EnumerateFiles(ReferenceData.PathOf("zoo", source))
                    .Where(file => Path.GetFileName(file) != "golden.json")
            )
            {
                var copy = Path.Combine(to, Path.GetFileName(file));
                if (Path.GetExtension(file) != ".onnx")
                {
                    File.Copy(file, copy);
                    continue;
                }

                var graph = OnnxFile.Load(file);
                Round(graph);
                File.WriteAllBytes(copy, GraphSerializer.Serialize(graph));
            }
        }

        private static void Round(ModelGraph graph)
        {
            foreach (var (number, product) in graph.Nodes.Where(node => node.Is("MatMul") || node.Is("Gemm")).ToArray().Index())
            {
                var (codes, scale, zero, rounded) = ($"codes_{number}", $"scale_{number}", $"zero_{number}", $"rounded_{number}");
                graph.Nodes.InsertRange(
                    graph.Nodes.IndexOf(product),
                    [
                        new Node("DynamicQuantizeLinear", [product.Inputs[0]], [codes, scale, zero]),
                        new Node("DequantizeLinear", [codes, scale, zero], [rounded]),
                    ]
                );
                product.Inputs[0] = rounded;
            }
        }
    }

    /// <summary>Serves them.</summary>
    public sealed class Rounding : ServiceOf<Rounded>
    {
        protected override string TemporaryFolder => Rounded.Folder;
    }
}
