using ExplainService.Goldens;
using ExplainService.Graph;
using ExplainService.Graph.Forms;
using ExplainService.Graph.Onnx;
using ExplainService.Graph.Rewrites;
using Xunit;

namespace ExplainService.Tests.Graph.Forms;

/// <summary>
/// What a graph's values are called matters to nothing: the dynamo exporter calls them by their operators (<c>add</c>, <c>matmul_3</c>),
/// which are the names that rewrites would give too.
/// </summary>
[Slow]
public sealed class RenamedValueTests
{
    public static TheoryData<string, string?> Models() =>
        new(
            from folder in Directory.EnumerateDirectories(ReferenceData.PathOf("zoo")).Order(StringComparer.Ordinal)
            let name = Path.GetFileName(folder)
            from graphs in File.Exists(Path.Combine(folder, "model.onnx"))
                ? [("model.onnx", (string?)null)]
                : Directory
                    .EnumerateFiles(folder, "decoder_model*.onnx")
                    .Select(path => ("encoder_model.onnx", (string?)Path.GetFileName(path)))
            where File.Exists(Path.Combine(folder, graphs.Item1))
            select (name + "/" + graphs.Item1, graphs.Item2)
        );

    [Theory]
    [MemberData(nameof(Models))]
    public void A_graph_with_the_names_of_operators_has_the_same_forms(string model, string? decoder) =>
        SameForms(model, decoder, ByOperator);

    /// <summary>Every name that a rewrite chooses is taken by a value of the model's own.</summary>
    [Theory]
    [MemberData(nameof(Models))]
    public void A_graph_that_has_the_names_of_its_forms_has_the_same_forms(string model, string? decoder)
    {
        HashSet<string> given = [];
        SameForms(
            model,
            decoder,
            (graph, names) =>
            {
                if (given.Count == 0)
                {
                    var forms = Forms(Compiler(model, decoder, static _ => { })).SelectMany(form => form.AllNames());
                    given.UnionWith(forms.Except(AllGraphs(model, decoder).SelectMany(own => own.AllNames())));
                    given.RemoveWhere(name => name.Length == 0 || name.StartsWith("explain_targets", StringComparison.Ordinal));
                }

                return ByList([.. given.Order(StringComparer.Ordinal)])(graph, names);
            }
        );
    }

    private delegate Dictionary<string, string> Naming(ModelGraph graph, IReadOnlyList<string> names);

    private static void SameForms(string model, string? decoder, Naming naming)
    {
        var own = Forms(Compiler(model, decoder, static _ => { }));
        var renamed = Forms(
            Compiler(
                model,
                decoder,
                graph =>
                {
                    var kept = graph.Inputs.Concat(graph.Outputs).Select(value => value.Name).ToHashSet();
                    List<string> names = [.. Written(graph).Where(name => name.Length > 0 && !kept.Contains(name)).Distinct()];
                    RenameValues.Apply(graph, naming(graph, names));
                }
            )
        );
        Assert.Equal(own.Count, renamed.Count);
        foreach (var (expected, actual) in own.Zip(renamed))
        {
            // One size for everything: exporters have their own words for the batch.
            RoundTripTests.Same(
                OnnxRun.Run(GraphSerializer.Serialize(expected), 2, 2),
                OnnxRun.Run(GraphSerializer.Serialize(actual), 2, 2),
                1e-5f
            );
        }
    }

    private static FormCompiler Compiler(string model, string? decoder, Action<ModelGraph> rename)
    {
        var parts = AllGraphs(model, decoder);
        parts.ForEach(rename);
        parts.ForEach(RemoveKvCache.Apply);
        return new FormCompiler(parts.Count == 1 ? parts[0] : JoinEncoderDecoder.Apply(parts[0], parts[1]));
    }

    private static List<ModelGraph> AllGraphs(string model, string? decoder)
    {
        var path = ReferenceData.PathOf("zoo", model);
        List<ModelGraph> graphs = [OnnxFile.Load(path)];
        if (decoder is not null)
        {
            graphs.Add(OnnxFile.Load(Path.Combine(Path.GetDirectoryName(path)!, decoder)));
        }

        return graphs;
    }

    private static List<ModelGraph> Forms(FormCompiler compiler)
    {
        var report = compiler.Report;
        List<ModelGraph> forms = [compiler.ForwardGraph()];
        foreach (var role in report.Attention.Select(map => map.Role).Distinct())
        {
            forms.Add(compiler.TapGraph(new AttentionValues(role)));
        }

        if (report.NoGradient is null)
        {
            var gradient = compiler.GradientGraph(new GradientFormOptions(FormObjective.LogProbability, FormLink.Softmax));
            if (report.IsSpans || report.OutputRank == 2)
            {
                ReplaceDims.Apply(gradient, new Dictionary<string, Dim> { ["lines"] = report.IsSpans ? 2 : 1 });
            }

            forms.Add(gradient);
        }

        return forms;
    }

    private static IEnumerable<string> Written(ModelGraph graph) =>
        graph.Weights.Keys.Concat(graph.Nodes.SelectMany(node => node.Outputs.Concat(node.Subgraphs.SelectMany(Written))));

    private static Dictionary<string, string> ByOperator(ModelGraph graph, IReadOnlyList<string> names)
    {
        var operators = Operators(graph).ToDictionary();
        var counts = new Dictionary<string, int>();
        return names.ToDictionary(
            name => name,
            name =>
            {
                var prefix = operators.GetValueOrDefault(name, "constant");
                var number = counts[prefix] = counts.GetValueOrDefault(prefix, -1) + 1;
                return number == 0 ? prefix : $"{prefix}_{number}";
            }
        );
    }

    private static IEnumerable<KeyValuePair<string, string>> Operators(ModelGraph graph) =>
        graph
            .Nodes.SelectMany(node =>
                node.Outputs.Where(name => name.Length > 0)
                    .Select(name => KeyValuePair.Create(name, node.Op.ToLowerInvariant()))
                    .Concat(node.Subgraphs.SelectMany(Operators))
            )
            .DistinctBy(pair => pair.Key);

    private static Naming ByList(string[] list) => (_, names) => names.Zip(list).ToDictionary(pair => pair.First, pair => pair.Second);
}
