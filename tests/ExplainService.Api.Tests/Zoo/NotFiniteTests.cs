using ExplainService.Goldens;
using ExplainService.Graph;
using ExplainService.Graph.Onnx;
using ExplainService.Methods.Predictions;

namespace ExplainService.Api.Tests.Zoo;

/// <summary>
/// A model that computes NaN, as half precision does when it overflows: that is said, not answered with nothing in place of numbers.
/// </summary>
public sealed class NotFiniteTests(NotFiniteTests.Overflowing service) : IClassFixture<NotFiniteTests.Overflowing>
{
    private const string Text = "a gripping, funny film!";

    public static TheoryData<string, string> Answers =>
        [
            .. from method in CataloguePaths.NeedingAPrediction
            select (method.Data, method.Data == "/attention" ? """{"aggregate": "rollout"}""" : "{}"),
            ("/shap", """{"algorithm": "kernel"}"""),
            ("/shap", """{"algorithm": "permutation"}"""),
        ];

    [Theory]
    [MemberData(nameof(Answers))]
    public async Task Logits_of_NaN_are_a_problem_of_the_model_and_the_text(string path, string options) =>
        await RefusedAsync(path, "nan", options, "logits");

    [Theory]
    [InlineData("/occlusion", "{}")]
    [InlineData("/shap", """{"algorithm": "kernel"}""")]
    [InlineData("/shap", """{"algorithm": "partition"}""")]
    [InlineData("/lime", "{}")]
    public async Task A_changed_text_whose_logits_are_NaN_is_a_problem_too(string path, string options)
    {
        await service.AskAsync<PredictAnswer>("/predict", new { model = "nan-when-masked", text = Text });
        await RefusedAsync(path, "nan-when-masked", options, "logits");
    }

    [Theory]
    [InlineData("/attention", """{"aggregate": "none"}""", "attention")]
    [InlineData("/attention", """{"aggregate": "flow"}""", "attention")]
    [InlineData("/attention", """{"aggregate": "gradient_relevance"}""", "gradients")]
    [InlineData("/saliency", """{"method": "input_x_gradient"}""", "gradients")]
    public async Task NaN_inside_a_model_that_hides_it_is_a_problem_too(string path, string options, string where) =>
        await RefusedAsync(path, "nan-inside", options, where);

    [Fact]
    public async Task A_class_that_the_model_rules_out_is_no_obstacle_to_explaining_the_others()
    {
        foreach (var method in CataloguePaths.NeedingAHead)
        {
            var answer = await service.AskAsync(method.Data, new { model = "ruled-out", text = Text });
            var ruledOut = answer.GetProperty("prediction").GetProperty("labels")[1];
            Assert.Equal(0, ruledOut.GetProperty("probability").GetDouble());
            Assert.False(ruledOut.TryGetProperty("logit", out _));
        }

        var impossible = await service.AskAsync(
            "/occlusion",
            new
            {
                model = "ruled-out",
                text = Text,
                target = new { label = 1 },
            }
        );
        Assert.Equal(0, impossible.GetProperty("value").GetDouble());
        await RefusedAsync("/occlusion", "ruled-out", """{"target": {"label": 1}, "objective": "log_probability"}""", "logits");
        await RefusedAsync("/occlusion", "ruled-out", """{"target": {"label": 1}, "objective": "logit"}""", "logits");
    }

    private async Task RefusedAsync(string path, string model, string options, string where)
    {
        var request = System.Text.Json.Nodes.JsonNode.Parse(options)!.AsObject();
        (request["model"], request["text"]) = (model, Text);
        var problem = await service.RefuseAsync(path, request);
        Assert.Contains($"NaN or an infinity in its {where}", problem.Detail, StringComparison.Ordinal);
    }

    /// <summary>The zoo's BERT classifier, spoilt in several ways.</summary>
    public sealed class Spoilt : IModelCollection
    {
        public static string Folder { get; } = Make();

        private static string Make()
        {
            var root = Directory.CreateTempSubdirectory("not-finite-").FullName;
            Write(
                root,
                "nan",
                graph =>
                {
                    Behind(
                        graph,
                        before =>
                            [
                                new Node("Abs", [before], ["size"]),
                                new Node("Neg", ["size"], ["less"]),
                                new Node("Sqrt", ["less"], ["logits"]),
                            ]
                    );
                }
            );
            Write(
                root,
                "nan-when-masked",
                graph =>
                {
                    var mask = graph.Add(Weight.Of<long>("mask_id", [], [4]));
                    var half = graph.Add(Weight.Of<float>("half", [], [0.5f]));
                    var axis = graph.Add(Weight.Of<long>("last_axis", [1], [-1]));
                    Behind(
                        graph,
                        before =>
                            [
                                new Node("Equal", ["input_ids", mask], ["is_mask"]),
                                new Node("Cast", ["is_mask"], ["masks"]) { Attributes = { ["to"] = 1L } },
                                new Node("ReduceSum", ["masks", axis], ["mask_count"]),
                                new Node("Sub", [half, "mask_count"], ["room"]),
                                new Node("Sqrt", ["room"], ["added"]),
                                new Node("Add", [before, "added"], ["logits"]),
                            ]
                    );
                }
            );
            Write(
                root,
                "nan-inside",
                graph =>
                {
                    var softmax = graph.Nodes.First(node => node.Is("Softmax"));
                    var endless = graph.Add(Weight.Of<float>("endless", [], [float.PositiveInfinity]));
                    graph.Nodes.Insert(graph.Nodes.IndexOf(softmax), new Node("Mul", [softmax.Inputs[0], endless], ["overflowing"]));
                    softmax.Inputs[0] = "overflowing";
                    var nothing = graph.Add(Weight.Of<float>("nothing", [], [0]));
                    Behind(
                        graph,
                        before => [new Node("IsNaN", [before], ["bad"]), new Node("Where", ["bad", nothing, before], ["logits"])]
                    );
                }
            );
            Write(
                root,
                "ruled-out",
                graph =>
                {
                    var rule = graph.Add(Weight.Of<float>("rule", [3], [0, float.NegativeInfinity, 0]));
                    Behind(graph, before => [new Node("Add", [before, rule], ["logits"])]);
                }
            );
            return root;
        }

        private static void Write(string root, string name, Action<ModelGraph> edit)
        {
            var (from, to) = (ReferenceData.PathOf("zoo", "bert-cls"), Directory.CreateDirectory(Path.Combine(root, name)).FullName);
            foreach (
                var file in Directory
                    .EnumerateFiles(from)
                    .Where(file => Path.GetExtension(file) != ".onnx" && Path.GetFileName(file) != "golden.json")
            )
            {
                File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
            }

            var graph = OnnxFile.Load(Path.Combine(from, "model.onnx"));
            edit(graph);
            File.WriteAllBytes(Path.Combine(to, "model.onnx"), GraphSerializer.Serialize(graph));
        }

        private static void Behind(ModelGraph graph, Func<string, IEnumerable<Node>> nodes)
        {
            var last = graph.Nodes.Single(node => node.Outputs.Contains("logits"));
            last.Outputs[last.Outputs.IndexOf("logits")] = "before";
            graph.Nodes.AddRange(nodes("before"));
        }
    }

    /// <summary>Serves them.</summary>
    public sealed class Overflowing : ServiceOf<Spoilt>
    {
        protected override string TemporaryFolder => Spoilt.Folder;
    }
}
