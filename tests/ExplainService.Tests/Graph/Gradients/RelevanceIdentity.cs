using ExplainService.Graph;
using ExplainService.Graph.Building;
using ExplainService.Graph.Forms;
using ExplainService.Graph.Gradients;
using ExplainService.Graph.Onnx;
using Microsoft.ML.OnnxRuntime;
using Xunit;

namespace ExplainService.Tests.Graph.Gradients;

/// <summary>What a walk back by <c>cp_lrp</c> met.</summary>
/// <param name="Frozen">What it held.</param>
/// <param name="MovingMaps">Attention maps that depend on the embeddings.</param>
internal sealed record RelevanceIdentity(FrozenParts Frozen, int MovingMaps)
{
    /// <summary>
    /// Asserts that f is the sum of what the embeddings and everything that is added on the way contribute, each times its gradient.
    /// </summary>
    /// <param name="compiler">Of the model.</param>
    /// <param name="feed">The inputs by name and dimensions, −1 where they are open.</param>
    public static RelevanceIdentity Checked(FormCompiler compiler, Func<string, int[], OrtValue> feed)
    {
        var (graph, embeddings) = compiler.Differentiable(wholeMaps: false);
        var logits = graph.Outputs[0].Name;
        var addends = Addends.Separate(graph, logits, embeddings);
        var tape = new Tape(graph);
        var rules = new RelevanceRules(graph, tape.Shapes, embeddings, GradientVariant.CpLrp);
        var lines = compiler.Report.IsSpans ? 2 : 1;
        var (score, slope) = ScoreHead.Emit(
            tape[logits],
            tape.Constant<long>(new long[lines], 1, lines),
            null,
            new GradientFormOptions(FormObjective.Logit, FormLink.Softmax)
        );
        var gradients = Backward.Run(tape, logits, slope, [.. embeddings, .. addends], rules);
        graph.Outputs.Clear();
        tape.Output(score, "f");
        foreach (var (name, gradient) in gradients)
        {
            tape.Output(tape[name], "value_" + name);
            tape.Output(gradient, "gradient_" + name);
        }

        graph.RemoveDead();
        graph.Sort();
        var results = Run(GraphSerializer.Serialize(graph), feed);
        var f = results["f"].Single();
        var terms = gradients.Keys.ToDictionary(name => name, name => Dot(results["value_" + name], results["gradient_" + name]));
        var scale = terms.Values.Append(f).Max(Math.Abs);
        Assert.Contains(embeddings[0], terms);
        Assert.True(Math.Abs(terms.Values.Sum() - f) <= 1e-4 * scale, $"f {f:g6}, contributions {terms.Values.Sum():g6}, scale {scale:g4}");
        var moving = Influence.Of(graph, tape.Shapes, embeddings, new HashSet<string>());
        return new RelevanceIdentity(rules.Frozen, compiler.Report.Attention.Count(map => moving.Contains(map.Output)));
    }

    /// <summary>A masked score may be −∞ and count for nothing.</summary>
    private static double Dot(float[] values, float[] gradient) =>
        values.Zip(gradient, (value, slope) => slope == 0 ? 0 : (double)value * slope).Sum();

    private static Dictionary<string, float[]> Run(byte[] model, Func<string, int[], OrtValue> feed)
    {
        using var session = OnnxRun.Open(model);
        var feeds = session.InputMetadata.ToDictionary(pair => pair.Key, pair => feed(pair.Key, pair.Value.Dimensions));
        using var options = new RunOptions();
        string[] names = [.. session.OutputMetadata.Keys];
        using var results = session.Run(options, feeds.Keys, feeds.Values, names);
        return names.Zip(results, (name, value) => (name, OnnxRun.Read(value).Values)).ToDictionary();
    }
}
