using System.Text.Json;
using System.Text.Json.Nodes;
using ExplainService.Goldens;
using ExplainService.Methods.Lime;
using ExplainService.Methods.Occlusion;
using ExplainService.Methods.Saliency;
using ExplainService.Methods.Shapley;

namespace ExplainService.Api.Tests.Zoo;

/// <summary>
/// Models whose tokenizer names no mask, padding or unknown token, as Llama 3, GPT-NeoX, Falcon and many of people's own: requests without
/// options work, and what stood in for text is said.
/// </summary>
public sealed class StandInTests(StandInTests.Bare service) : IClassFixture<StandInTests.Bare>
{
    private const string Text = "a1 b2 c3 d4 e5";

    public static TheoryData<string, string, string> Models =>
        [
            ("lm-pad", "<FILL>", "<FILL>"),
            ("lm-end", "<STOP>", "<STOP>"),
            ("lm-named", "<|endoftext|>", "<|endoftext|>"),
            ("lm-none", "delete", "zero"),
            ("lm-wrong", "delete", "zero"),
            ("cls-pad", "<FILL>", "<FILL>"),
            ("cls-none", "delete", "zero"),
        ];

    [Theory]
    [MemberData(nameof(Models))]
    public async Task Requests_without_options_work_and_tell_what_stood_in(string model, string replacement, string baseline)
    {
        var occlusion = await service.AskAsync<OcclusionAnswer>("/occlusion", new { model, text = Text });
        var shap = await service.AskAsync<ShapAnswer>("/shap", new { model, text = Text });
        var lime = await service.AskAsync<LimeAnswer>("/lime", new { model, text = Text });
        var saliency = await service.AskAsync<SaliencyAnswer>("/saliency", new { model, text = Text });
        Assert.Equal([replacement, replacement, replacement], [occlusion.Replacement, shap.Replacement, lime.Replacement]);
        Assert.All(
            [occlusion.WarningOf("no_mask_token"), shap.WarningOf("no_mask_token"), lime.WarningOf("no_mask_token")],
            warning => Assert.Contains(replacement, warning, StringComparison.Ordinal)
        );
        Assert.Equal($"This tokenizer has no padding token; in the baseline it is {baseline}.", saliency.WarningOf("no_padding_token"));
        Assert.Equal(5, occlusion.Units.Count);
        Assert.Equal(shap.Value - shap.BaseValue, shap.Units.Scores().Sum(), 1e-4);

        var defaults = (await service.Client.ModelAsync(model)).Defaults!;
        Assert.Equal((replacement, baseline), (defaults.Replacement, defaults.Baseline));
    }

    [Theory]
    [InlineData("lm-pad", "mask")]
    [InlineData("lm-none", "mask")]
    [InlineData("lm-none", "pad")]
    public async Task What_a_refused_replacement_recommends_works(string model, string replacement)
    {
        foreach (var path in new[] { "/occlusion", "/shap", "/lime" })
        {
            var problem = await service.RefuseAsync(
                path,
                new
                {
                    model,
                    text = Text,
                    replacement,
                }
            );
            Assert.Contains("""Without "replacement" removed units""", problem.Detail, StringComparison.Ordinal);
            Assert.Contains("\"delete\"", problem.Detail, StringComparison.Ordinal);
            await service.AskAsync(path, new { model, text = Text });
            await service.AskAsync(
                path,
                new
                {
                    model,
                    text = Text,
                    replacement = "delete",
                }
            );
            await service.AskAsync(
                path,
                new
                {
                    model,
                    text = Text,
                    replacement = new { text = "a1" },
                }
            );
        }
    }

    [Fact]
    public async Task Padding_that_only_the_configuration_names_can_be_asked_for()
    {
        var answer = await service.AskAsync<OcclusionAnswer>(
            "/occlusion",
            new
            {
                model = "lm-pad",
                text = Text,
                replacement = "pad",
            }
        );
        Assert.Equal("<FILL>", answer.Replacement);
        Assert.DoesNotContain("no_mask_token", answer.WarningCodes);
    }

    [Fact]
    public async Task A_single_word_can_be_deleted()
    {
        var answer = await service.AskAsync<OcclusionAnswer>("/occlusion", new { model = "lm-none", text = "a1" });
        Assert.Equal("delete", answer.Replacement);
        Assert.Single(answer.Units);
    }

    /// <summary>Two models of the zoo with a vocabulary of words.</summary>
    public sealed class Wordy : IModelCollection
    {
        public static string Folder { get; } = Make();

        private static string Make()
        {
            var root = Directory.CreateTempSubdirectory("stand-ins-").FullName;
            foreach (var (prefix, source) in new[] { ("lm", "gpt2-lm"), ("cls", "bert-cls") })
            {
                Write(root, prefix + "-pad", source, pad: 21, end: 20);
                Write(root, prefix + "-end", source, end: 20);
                Write(root, prefix + "-named", source, extra: "<|endoftext|>");
                Write(root, prefix + "-none", source);
                Write(root, prefix + "-wrong", source, pad: -1, end: 50_256);
            }

            return root;
        }

        private static void Write(string root, string name, string source, int? pad = null, int? end = null, string extra = "more")
        {
            var (from, to) = (ReferenceData.PathOf("zoo", source), Directory.CreateDirectory(Path.Combine(root, name)).FullName);
            File.Copy(Path.Combine(from, "model.onnx"), Path.Combine(to, "model.onnx"));
            var config = JsonNode.Parse(File.ReadAllText(Path.Combine(from, "config.json")))!.AsObject();
            (config["pad_token_id"], config["eos_token_id"]) = (pad, end);
            File.WriteAllText(Path.Combine(to, "config.json"), config.ToJsonString());
            string[] words = [.. Enumerable.Range(0, 20).Select(i => $"{(char)('a' + i)}{i + 1}"), "<STOP>", "<FILL>", extra];
            var tokenizer = new
            {
                version = "1.0",
                added_tokens = Array.Empty<object>(),
                pre_tokenizer = new { type = "WhitespaceSplit" },
                model = new
                {
                    type = "WordLevel",
                    vocab = words.Index().ToDictionary(word => word.Item, word => word.Index),
                    unk_token = "[UNK]",
                },
            };
            File.WriteAllText(Path.Combine(to, "tokenizer.json"), JsonSerializer.Serialize(tokenizer));
        }
    }

    /// <summary>Serves them.</summary>
    public sealed class Bare : ServiceOf<Wordy>
    {
        protected override string TemporaryFolder => Wordy.Folder;
    }
}
