using ExplainService.Graph;
using ExplainService.Graph.Building;
using ExplainService.Graph.Forms;
using ExplainService.Graph.Onnx;
using ExplainService.Graph.Patterns;
using Xunit;

namespace ExplainService.Tests.Graph.Patterns;

/// <summary>Attention is found however an exporter writes it, and comes out as [batch, heads, queries, keys].</summary>
public sealed class AttentionWritingsTests
{
    private const int Heads = 2;
    private const int Size = 3;

    /// <summary>
    /// From queries, keys and values [batch, sequence, heads · size] to the context in the same shape, and the map by hand.
    /// </summary>
    private static readonly Dictionary<string, Func<Value, Value, Value, (Value Context, Value Map)>> Writings = new()
    {
        ["matrix products"] = (q, k, v) =>
        {
            var map = Apart(q).MatMul(Apart(k).Transpose(0, 1, 3, 2)).Softmax();
            return (Together(map.MatMul(Apart(v))), map);
        },
        ["heads folded into the batch"] = (q, k, v) =>
        {
            var map = Fold(q).MatMul(Fold(k).Transpose(0, 2, 1)).Softmax();
            return (Unfold(map.MatMul(Fold(v)), q), map.Reshape(q.Tape.Concat(0, q.Size(0), q.Tape.List([Heads]), q.Size(1), q.Size(1))));
        },
        ["heads folded for the product alone"] = (q, k, v) =>
        {
            var map = Apart(q).MatMul(Apart(k).Transpose(0, 1, 3, 2)).Softmax();
            var folded = map.Reshape(q.Tape.Concat(0, q.Size(0) * q.Tape.List([Heads]), q.Size(1), q.Size(1)));
            return (Unfold(folded.MatMul(Fold(v)), q), map);
        },
        ["softmax written out"] = (q, k, v) =>
        {
            var scores = Apart(q).MatMul(Apart(k).Transpose(0, 1, 3, 2));
            var e = (scores - scores.ReduceMax([-1])).Exp();
            var map = e / e.ReduceSum([-1]);
            return (Together(map.MatMul(Apart(v))), map);
        },
        ["scores transposed"] = (q, k, v) =>
        {
            var map = Apart(k).MatMul(Apart(q).Transpose(0, 1, 3, 2)).Softmax(-2);
            return (Together(Apart(v).Transpose(0, 1, 3, 2).MatMul(map).Transpose(0, 1, 3, 2)), map.Transpose(0, 1, 3, 2));
        },
        ["Einstein sums"] = (q, k, v) =>
        {
            var map = Einsum("bind,bjnd->bnij", Split(q), Split(k)).Softmax();
            return (Einsum("bnij,bjnd->bind", map, Split(v)).ReshapeLike(q), map);
        },
        ["Einstein sums with the sequence first"] = (q, k, v) =>
        {
            var map = Einsum("bind,bjnd->ijbn", Split(q), Split(k)).Softmax(1);
            return (Einsum("ijbn,bjnd->bind", map, Split(v)).ReshapeLike(q), map.Transpose(2, 3, 0, 1));
        },
        ["softcap"] = (q, k, v) =>
        {
            var map = ((Apart(q).MatMul(Apart(k).Transpose(0, 1, 3, 2)) / 2).Tanh() * 2).Softmax();
            return (Together(map.MatMul(Apart(v))), map);
        },
        ["attention sinks"] = (q, k, v) =>
        {
            var scores = Apart(q).MatMul(Apart(k).Transpose(0, 1, 3, 2));
            var sink = q
                .Tape.Constant<float>([0.3f, -0.2f], 1, Heads, 1, 1)
                .Expand(q.Tape.Concat(0, q.Size(0), q.Tape.List([Heads]), q.Size(1), q.Tape.List([1])));
            var map = q.Tape.Concat(-1, scores, sink).Softmax().Slice(-1, 0, -1);
            return (Together(map.MatMul(Apart(v))), map);
        },
        ["float16 softmax"] = (q, k, v) =>
        {
            var map = Apart(q).MatMul(Apart(k).Transpose(0, 1, 3, 2)).Cast(ElementType.Float16).Softmax().Cast(ElementType.Float);
            return (Together(map.MatMul(Apart(v))), map);
        },
        ["a guard against rows without keys"] = (q, k, v) =>
        {
            var softmax = Apart(q).MatMul(Apart(k).Transpose(0, 1, 3, 2)).Softmax();
            var map = q.Tape.Emit("IsNaN", softmax).Where(q.Tape.Scalar(0), softmax);
            return (Together(map.MatMul(Apart(v))), map);
        },
        ["grouped queries"] = (q, k, v) =>
        {
            var map = Apart(q).Unsqueeze(1).MatMul(Apart(k).Unsqueeze(1).Transpose(0, 1, 2, 4, 3)).Softmax();
            return (Together(map.MatMul(Apart(v).Unsqueeze(1)).Squeeze(1)), map.Squeeze(1));
        },
        ["linear biases"] = (q, k, v) =>
        {
            var range = q
                .Tape.Emit("Range", q.Tape.Scalar(0, ElementType.Int64), q.Size(1).Squeeze(0), q.Tape.Scalar(1, ElementType.Int64))
                .Cast(ElementType.Float);
            var slopes = q.Tape.Constant<float>([0.5f, 0.25f], Heads, 1, 1);
            var map = (Apart(q).MatMul(Apart(k).Transpose(0, 1, 3, 2)) + slopes * range).Softmax();
            return (Together(map.MatMul(Apart(v))), map);
        },
    };

    public static TheoryData<string> Names => new(Writings.Keys);

    [Theory]
    [MemberData(nameof(Names))]
    public void The_attention_map_is_found_however_it_is_written(string writing)
    {
        var graph = Model(Writings[writing]);
        var expected = OnnxRun.Run(GraphSerializer.Serialize(graph), 2, 5)["map"];
        var compiler = new FormCompiler(graph);
        Assert.Equal(Heads, Assert.Single(compiler.Report.Attention).Heads);
        var actual = OnnxRun.Run(GraphSerializer.Serialize(compiler.TapGraph(new AttentionValues(AttentionRole.Self))), 2, 5)[
            FormNames.Attention(0)
        ];
        Assert.Equal([2, Heads, 5, 5], actual.Dims);
        Assert.All(expected.Values.Zip(actual.Values), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
        Assert.Null(compiler.Report.NoGradient);
        var relevance = compiler.GradientGraph(new GradientFormOptions(FormObjective.Logit, FormLink.Softmax, Relevance: true));
        Assert.Contains(relevance.Outputs, output => output.Name == FormNames.Relevance(0));
    }

    [Fact]
    public void Pooling_by_a_softmax_and_taps_of_a_convolution_are_no_attention()
    {
        var graph = Model(
            (q, k, v) =>
            {
                var pool = q.MatMul(q.Tape.Constant<float>([1, 2, 3, 1, 2, 3], 6, 1)).Transpose(0, 2, 1).Softmax();
                var taps = q.MatMul(q.Tape.Constant<float>(new float[24], 6, 4)).Softmax();
                return (pool.MatMul(v) + taps.MatMul(q.Tape.Constant<float>(new float[24], 4, 6)), pool);
            }
        );
        Assert.Empty(new FormCompiler(graph).Report.Attention);
    }

    private static ModelGraph Model(Func<Value, Value, Value, (Value Context, Value Map)> attention)
    {
        var graph = new ModelGraph { Opsets = { [""] = 17 } };
        var tape = new Tape(graph);
        var ids = tape.Input("input_ids", ElementType.Int64, Dim.Of("batch"), Dim.Of("sequence"));
        Value Random(int seed, params long[] dims) =>
            tape.Constant<float>([.. Enumerable.Range(0, (int)(dims[0] * dims[1])).Select(i => MathF.Sin((i * 1.7f) + seed))], dims);
        var x = Random(1, 60, 6).Gather(ids);
        var (context, map) = attention(x.MatMul(Random(2, 6, 6)), x.MatMul(Random(3, 6, 6)), x.MatMul(Random(4, 6, 6)));
        tape.Output(context.ReduceMean([1], keepdims: false), "logits");
        tape.Output(map, "map");
        return graph;
    }

    private static Value Split(Value x) => x.Reshape(0, 0, Heads, Size);

    private static Value Apart(Value x) => Split(x).Transpose(0, 2, 1, 3);

    private static Value Together(Value x) => x.Transpose(0, 2, 1, 3).Reshape(0, 0, Heads * Size);

    private static Value Fold(Value x) =>
        Apart(x).Reshape(x.Tape.Concat(0, x.Size(0) * x.Tape.List([Heads]), x.Size(1), x.Tape.List([Size])));

    private static Value Unfold(Value x, Value like) =>
        Together(x.Reshape(x.Tape.Concat(0, like.Size(0), x.Tape.List([Heads]), like.Size(1), x.Tape.List([Size]))));

    private static Value Einsum(string equation, Value a, Value b) => a.Tape.Emit("Einsum", [a, b], ("equation", equation));
}
