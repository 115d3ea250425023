using ExplainService.Graph.Building;
using ExplainService.Graph.Patterns;

namespace ExplainService.Graph.Forms;

/// <summary>The residual stream: what enters the first block and what leaves each, [batch, sequence, hidden].</summary>
public sealed record HiddenStates : GraphTap
{
    /// <inheritdoc/>
    public override string Name => "hidden_states";

    internal override void Emit(Tape tape, GraphReport report)
    {
        var blocks = Blocks(report);
        string[] values = [blocks[0].Input, .. blocks.Select(block => block.Output)];
        for (var layer = 0; layer < values.Length; layer++)
        {
            tape.Output(tape[values[layer]].Cast(ElementType.Float), FormNames.Hidden(layer));
        }
    }

    /// <summary>The blocks of a graph.</summary>
    /// <exception cref="NotSupportedException">It shows none.</exception>
    internal static IReadOnlyList<Block> Blocks(GraphReport report) =>
        report.Blocks.Count > 0 ? report.Blocks : throw new NotSupportedException(report.NoBlocks);
}
