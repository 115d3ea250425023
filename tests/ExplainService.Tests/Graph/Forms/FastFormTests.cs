using ExplainService.Goldens;
using ExplainService.Graph;
using ExplainService.Graph.Building;
using ExplainService.Graph.Forms;
using ExplainService.Graph.Onnx;
using ExplainService.Graph.Rewrites;
using Microsoft.ML.OnnxRuntime;
using Xunit;

namespace ExplainService.Tests.Graph.Forms;

/// <summary>The int8 form: close to the model, and a row's answer never depends on the rows beside it.</summary>
public class FastFormTests
{
    [Theory]
    [InlineData("bert-cls")]
    [InlineData("roberta-cls")]
    [InlineData("gpt2-cls")]
    [InlineData("distilbert-cls")]
    public void Logits_of_the_int8_form_are_close_to_the_models(string folder)
    {
        var compiler = Compiler(ReferenceData.PathOf("zoo", folder, "model.onnx"));
        var exact = OnnxRun.Run(GraphSerializer.Serialize(compiler.ForwardGraph()), 3, 7)[FormNames.Logits].Values;
        var fast = OnnxRun.Run(GraphSerializer.Serialize(Fast(compiler)), 3, 7)[FormNames.Logits].Values;
        Assert.NotEqual(exact, fast);
        var scale = exact.Max() - exact.Min();
        Assert.All(exact.Zip(fast), pair => Assert.InRange(Math.Abs(pair.First - pair.Second), 0, 0.15 * scale));
    }

    [Fact]
    public void A_row_answers_the_same_beside_an_extreme_one()
    {
        var graph = new ModelGraph { Opsets = { [""] = 17 } };
        var tape = new Tape(graph);
        var x = tape.Input("x", ElementType.Float, Dim.Of("batch"), 3, 8);
        var weight = tape.Constant<float>([.. Enumerable.Range(0, 40).Select(i => MathF.Sin(i))], 8, 5);
        tape.Output(x.MatMul(weight), "y");
        new QuantiseProducts([]).Apply(graph, QuantiseProducts.Find(graph).Select(product => product.Output).ToHashSet());
        using var session = OnnxRun.Open(GraphSerializer.Serialize(graph));

        float[] row = [.. Enumerable.Range(0, 24).Select(i => MathF.Cos(i * 0.7f))];
        float[] extreme = [.. row.Select(value => value * 1e6f)];
        var alone = Run(session, row);
        var beside = Run(session, [.. row, .. extreme]);
        Assert.Equal(alone, beside[..alone.Length]);
        Assert.All(Run(session, new float[24]), value => Assert.Equal(0, value));
    }

    [Theory]
    [InlineData(false, true)]
    [InlineData(true, true)]
    [InlineData(true, false)]
    public void A_gemm_is_a_product_whichever_way_its_weight_stands(bool transposed, bool biased)
    {
        float[] values = [.. Enumerable.Range(0, 40).Select(i => MathF.Sin(i))];
        float[] row = [.. Enumerable.Range(0, 24).Select(i => MathF.Cos(i * 0.7f))];
        float[] extreme = [.. row.Select(value => value * 1e6f)];
        var exact = Run(Gemm(values, transposed, biased, quantise: false), row);
        var alone = Run(Gemm(values, transposed, biased, quantise: true), row);
        var beside = Run(Gemm(values, transposed, biased, quantise: true), [.. row, .. extreme]);
        Assert.NotEqual(exact, alone);
        Assert.All(exact.Zip(alone), pair => Assert.InRange(Math.Abs(pair.First - pair.Second), 0, 0.05));
        Assert.Equal(alone, beside[..alone.Length]);

        static float[] Run(ModelGraph graph, float[] rows)
        {
            using var session = OnnxRun.Open(GraphSerializer.Serialize(graph));
            using var options = new RunOptions();
            using var x = OrtValue.CreateTensorValueFromMemory(rows, [1, rows.Length / 8, 8]);
            using var results = session.Run(options, ["x"], [x], ["y"]);
            return results[0].GetTensorDataAsSpan<float>().ToArray();
        }
    }

    [Theory]
    [InlineData("alpha", 0.5f)]
    [InlineData("beta", 2f)]
    [InlineData("transA", 1L)]
    public void A_gemm_that_does_more_than_multiply_and_add_stays_in_float(string attribute, object value)
    {
        var graph = Gemm(new float[40], transposed: false, biased: true, quantise: false);
        graph.Nodes.Single(node => node.Is("Gemm")).Attributes[attribute] = value;
        Assert.Empty(QuantiseProducts.Find(graph));
    }

    [Fact]
    public void The_dense_layers_of_the_bundled_causal_model_are_products()
    {
        var compiler = Compiler(Path.Combine(ReferenceData.BundledModels, "gpt-reviews", "model.onnx"));
        var forms = new FastForms(compiler);
        Assert.True(
            forms.Products.Count >= 4 * compiler.ForwardGraph().Nodes.Count(node => node.Is("Softmax")),
            $"{forms.Products.Count} products"
        );
        var exact = OnnxRun.Run(GraphSerializer.Serialize(compiler.ForwardGraph()), 3, 7)[FormNames.Logits].Values;
        var fast = OnnxRun.Run(GraphSerializer.Serialize(Fast(compiler)), 3, 7)[FormNames.Logits].Values;
        var scale = exact.Max() - exact.Min();
        Assert.NotEqual(exact, fast);
        Assert.All(exact.Zip(fast), pair => Assert.InRange(Math.Abs(pair.First - pair.Second), 0, 0.15 * scale));
    }

    [Fact]
    [Slow]
    public void Products_that_are_not_chosen_stay_in_float()
    {
        var compiler = Compiler(Path.Combine(ReferenceData.BundledModels, "minilm-sst2", "model.onnx"));
        var forms = new FastForms(compiler);
        Assert.Equal(36, forms.Products.Count);
        var graph = compiler.ForwardGraph();
        new QuantiseProducts([]).Apply(
            graph,
            forms.Products.Where(product => product.Inputs != 1536).Select(product => product.Output).ToHashSet()
        );
        Assert.Equal(6, QuantiseProducts.Find(graph).Count);
        Assert.Equal(30, graph.Nodes.Count(node => node.Op == "MatMulIntegerToFloat"));
    }

    /// <summary>y = x W + b of [tokens, 8] to [tokens, 5].</summary>
    private static ModelGraph Gemm(float[] values, bool transposed, bool biased, bool quantise)
    {
        var graph = new ModelGraph { Opsets = { [""] = 17 } };
        var tape = new Tape(graph);
        var tokens = tape.Input("x", ElementType.Float, Dim.Of("batch"), Dim.Of("sequence"), 8).Reshape(-1, 8);
        var weight = transposed ? tape.Constant<float>(values, 5, 8) : tape.Constant<float>(values, 8, 5);
        var bias = tape.Constant<float>([1, -2, 3, 0, 0.5f], 5);
        graph.Add(
            new Node("Gemm", biased ? [tokens.Name, weight.Name, bias.Name] : [tokens.Name, weight.Name], ["product"])
            {
                Attributes = { ["transB"] = transposed ? 1L : 0L },
            }
        );
        tape.Output(tape["product"], "y");
        if (quantise)
        {
            new QuantiseProducts([]).Apply(graph, QuantiseProducts.Find(graph).Select(product => product.Output).ToHashSet());
        }

        return graph;
    }

    private static float[] Run(InferenceSession session, float[] values)
    {
        using var options = new RunOptions();
        using var x = OrtValue.CreateTensorValueFromMemory(values, [values.Length / 24, 3, 8]);
        using var results = session.Run(options, ["x"], [x], ["y"]);
        return results[0].GetTensorDataAsSpan<float>().ToArray();
    }

    private static FormCompiler Compiler(string path) => new(OnnxFile.Load(path));

    private static ModelGraph Fast(FormCompiler compiler)
    {
        var graph = compiler.ForwardGraph();
        new QuantiseProducts([]).Apply(graph, QuantiseProducts.Find(graph).Select(product => product.Output).ToHashSet());
        return graph;
    }
}
