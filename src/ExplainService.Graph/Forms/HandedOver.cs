using ExplainService.Graph.Building;

namespace ExplainService.Graph.Forms;

/// <summary>Of one half of a model of pictures and texts: the embedding that the other half is compared with, [batch, size].</summary>
public sealed record HandedOver : GraphTap
{
    /// <inheritdoc/>
    public override string Name => "handed_over";

    /// <inheritdoc/>
    public override bool IsOfModelItself => true;

    internal override void Emit(Tape tape, GraphReport report)
    {
        if (!tape.Graph.Nodes.Exists(node => node.Outputs.Contains(FormNames.Side)))
        {
            throw new NotSupportedException("The model compares no pictures with texts.");
        }

        tape.Output(tape[FormNames.Side], FormNames.Handed);
    }
}
