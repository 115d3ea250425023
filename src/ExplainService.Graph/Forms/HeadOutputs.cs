using ExplainService.Graph.Building;

namespace ExplainService.Graph.Forms;

/// <summary>What the heads of attention layers give out, before the matrix that joins them: [batch, heads, queries, channels] a layer.</summary>
public sealed record HeadOutputs : GraphTap
{
    /// <inheritdoc/>
    public override string Name => "head_outputs";

    internal override void Emit(Tape tape, GraphReport report)
    {
        var blocks = HiddenStates.Blocks(report);
        for (var layer = 0; layer < blocks.Count; layer++)
        {
            var map = blocks[layer].Map;
            tape.Output(map.ArrangeOutputs(tape[map.Product.Output.Name]).Cast(ElementType.Float), FormNames.Heads(layer));
        }
    }
}
