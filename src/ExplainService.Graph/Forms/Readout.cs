using ExplainService.Graph.Building;

namespace ExplainService.Graph.Forms;

/// <summary>Turns a model's own outputs into one table of logits [batch, positions, classes].</summary>
internal static class Readout
{
    /// <summary>
    /// Classes [B, C] become one line; sequence outputs [B, S, C] become the lines of the positions in the input <c>reads</c>, taken
    /// before the projections that act on every position alone, so that a vocabulary is computed only where it is read; start and end
    /// logits [B, S] become two lines.
    /// </summary>
    public static Value Logits(Tape tape, GraphReport report)
    {
        var outputs = report.Outputs.Select(name => tape[name].Cast(ElementType.Float)).ToArray();
        if (report.IsSpans)
        {
            return tape.Concat(1, outputs[0].Unsqueeze(1), outputs[1].Unsqueeze(1));
        }

        if (report.OutputRank == 2)
        {
            return outputs[0].Unsqueeze(1);
        }

        var reads = tape.Input(FormNames.OutputPositions, ElementType.Int64, Batch(tape), Dim.Of("reads"));
        return TakeRows(tape, report.Outputs[0], reads).Cast(ElementType.Float);
    }

    /// <summary>The batch under the name that the graph has for it: what an input brings is then known to have the same.</summary>
    public static Dim Batch(Tape tape) =>
        tape.Graph.Inputs.Find(input => input.Dims?.Count > 1 && input.Name != FormNames.Beside)?.Dims![0] ?? Dim.Of("batch");

    /// <summary>
    /// Where columns are tokens, 0 for those that are there and a large negative number for padding, which must have no probability;
    /// null where columns are classes.
    /// </summary>
    public static Value? ColumnMask(Tape tape, GraphReport report)
    {
        var mask = tape.Graph.Inputs.Find(input => input.Name.EndsWith("attention_mask", StringComparison.Ordinal));
        return !report.IsSpans || mask is null ? null : (tape[mask.Name].Cast(ElementType.Float).Unsqueeze(1) - 1.0) * 1e9;
    }

    private static Value TakeRows(Tape tape, string output, Value reads)
    {
        var producers = tape.Graph.Producers();
        var chain = new Stack<(Node Node, int Along)>();
        var value = output;
        while (producers.TryGetValue(value, out var node) && RowWise(tape, node) is var along and >= 0)
        {
            chain.Push((node, along));
            value = node.Inputs[along];
        }

        var rows = tape.Emit("GatherND", [tape[value], reads.Unsqueeze(2)], ("batch_dims", 1L));
        foreach (var (node, along) in chain)
        {
            var inputs = node
                .Inputs.Select(
                    (name, i) =>
                        i == along ? rows
                        : name.Length > 0 ? tape[name]
                        : null
                )
                .ToArray();
            rows = tape.Emit(node.Op, inputs, 1, node.Domain, [.. node.Attributes.Select(pair => (pair.Key, pair.Value))])[0];
        }

        return rows;
    }

    /// <summary>Which input carries the rows of an operator that treats every position alone; −1: it does not.</summary>
    private static int RowWise(Tape tape, Node node)
    {
        bool Constant(int index) => tape.Graph.Weights.ContainsKey(node.Inputs[index]);
        bool Sequence(int index) => tape[node.Inputs[index]].Rank == 3;
        switch (node.Op)
        {
            case "Identity" or "Cast" or "Relu" or "Tanh" or "Erf" or "Gelu" or "Sigmoid" when Sequence(0):
                return 0;
            case "LayerNormalization" when Sequence(0) && node.Int("axis", -1) is -1 or 2 && node.Outputs.Count == 1:
                return 0;
            case "MatMul" when Sequence(0) && Constant(1) && tape[node.Inputs[1]].Rank == 2:
                return 0;
            case "Add" or "Mul" or "Sub" or "Div":
                if (Sequence(0) && Constant(1) && tape[node.Inputs[1]].Rank <= 1)
                {
                    return 0;
                }

                return Sequence(1) && Constant(0) && tape[node.Inputs[0]].Rank <= 1 ? 1 : -1;
            default:
                return -1;
        }
    }
}
