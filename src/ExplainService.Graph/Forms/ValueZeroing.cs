using ExplainService.Graph.Building;

namespace ExplainService.Graph.Forms;

/// <summary>The value vectors of tokens are multiplied by numbers of the row, layer by layer (Mohebbi et al. 2023); the hidden states come out.</summary>
public sealed record ValueZeroing : GraphIntervention
{
    /// <inheritdoc/>
    public override string Name => "value_zeroing";

    internal override GraphTap Output { get; } = new HiddenStates();

    internal override void Emit(Tape tape, GraphReport report)
    {
        var blocks = HiddenStates.Blocks(report);
        var kept = PerLayer(tape, FormNames.Kept, ElementType.Float, blocks.Count, Dim.Of("keys"));
        for (var layer = 0; layer < blocks.Count; layer++)
        {
            var map = blocks[layer].Map;
            var spread = map.SpreadOverValues(OfLayer(kept, layer).Unsqueeze(1, 3));
            tape.Replace(map.Product.Values.Name, values => values * spread);
        }
    }
}
