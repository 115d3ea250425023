using ExplainService.Graph;
using ExplainService.Graph.Building;
using ExplainService.Graph.Forms;
using ExplainService.Graph.Onnx;
using Xunit;

namespace ExplainService.Tests.Graph.Patterns;

/// <summary>The lookup of word embeddings is found however it is written; what follows it (scaling, positions) is not part of it.</summary>
public sealed class EmbeddingLookupTests
{
    private static readonly Dictionary<string, Func<Value, Value, Value>> Writings = new()
    {
        ["plain"] = (table, ids) => table.Gather(ids),
        ["int32 ids"] = (table, ids) => table.Gather(ids.Cast(ElementType.Int32)),
        ["reshaped ids"] = (table, ids) => table.Gather(ids.Reshape(table.Tape.Concat(0, table.Tape.List([-1]), ids.Size(1)))),
        ["a table that is widened"] = (table, ids) => table.Cast(ElementType.Float16).Cast(ElementType.Float).Gather(ids),
        ["a table shared with the output projection"] = (table, ids) =>
            table.Tape.Constant(Turned(table.Tape.Graph.Weights[table.Name])).Transpose(1, 0).Gather(ids),
        ["ids that are bounded"] = (table, ids) =>
            table.Gather(table.Tape.Emit("Clip", ids, table.Tape.Scalar(0, ElementType.Int64), table.Tape.Scalar(59, ElementType.Int64))),
        ["ids with padding looked up elsewhere"] = (table, ids) =>
            table.Gather(
                table.Tape.Emit("Less", ids, table.Tape.Scalar(0, ElementType.Int64)).Where(table.Tape.Scalar(0, ElementType.Int64), ids)
            ),
        ["one-hot ids times the table"] = (table, ids) =>
            table.Tape.Emit("OneHot", [ids, table.Tape.List([60]), table.Tape.Constant<float>([0, 1], 2)], ("axis", -1L)).MatMul(table),
    };

    public static TheoryData<string> Names => new(Writings.Keys);

    [Theory]
    [MemberData(nameof(Names))]
    public void The_embedding_lookup_is_found_however_it_is_written(string writing)
    {
        var graph = new ModelGraph { Opsets = { [""] = 17 } };
        var tape = new Tape(graph);
        var ids = tape.Input("input_ids", ElementType.Int64, Dim.Of("batch"), Dim.Of("sequence"));
        float[] values = [.. Enumerable.Range(0, 240).Select(i => (float)(Half)MathF.Sin(i))];
        var embedded = Writings[writing](tape.Constant<float>(values, 60, 4), ids);
        // Positions depend on the ids too, through what is no longer an id.
        var positions = tape.Emit("CumSum", ids.Cast(ElementType.Bool).Cast(ElementType.Int64), tape.Scalar(1, ElementType.Int64));
        var shifted = embedded * 2 + tape.Constant<float>(new float[80], 20, 4).Gather(positions);
        tape.Output(shifted.ReduceMean([1], keepdims: false), "logits");
        tape.Output(embedded, "embedded");
        var expected = OnnxRun.Run(GraphSerializer.Serialize(graph))["embedded"].Values;

        var lookup = Assert.Single(new FormCompiler(graph).Report.Lookups);
        Assert.Equal("input_ids", lookup.Ids);
        Assert.Equal(values, lookup.Table.ToFloats());
        graph.Outputs.Add(new ValueInfo(lookup.Output, ElementType.Float, null));
        Assert.Equal(expected, OnnxRun.Run(GraphSerializer.Serialize(graph))[lookup.Output].Values);
    }

    private static Weight Turned(Weight table)
    {
        var values = table.ToFloats();
        var (rows, columns) = ((int)table.Dims[0], (int)table.Dims[1]);
        return Weight.Adopt(
            "turned",
            [columns, rows],
            [.. Enumerable.Range(0, values.Length).Select(i => values[(i % rows * columns) + (i / rows)])]
        );
    }
}
