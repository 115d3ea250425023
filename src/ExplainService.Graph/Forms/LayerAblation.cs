using ExplainService.Graph.Building;

namespace ExplainService.Graph.Forms;

/// <summary>What blocks add to the residual stream is multiplied by numbers of the row.</summary>
/// <param name="Mean">What is taken away is made up for by a mean of the block's, an input too.</param>
public sealed record LayerAblation(bool Mean) : GraphIntervention
{
    /// <inheritdoc/>
    public override string Name => Mean ? "ablation/layers/mean" : "ablation/layers";

    internal override void Emit(Tape tape, GraphReport report)
    {
        var blocks = HiddenStates.Blocks(report);
        var kept = PerLayer(tape, FormNames.Kept, ElementType.Float, blocks.Count);
        var means = Mean ? tape.Input(FormNames.Means, ElementType.Float, blocks.Count, Dim.Of("hidden")) : null;
        for (var layer = 0; layer < blocks.Count; layer++)
        {
            var share = OfLayer(kept, layer).Unsqueeze(1, 2);
            var before = tape[blocks[layer].Input];
            var mean = means?.Gather(tape.Constant<long>([layer]), 0);
            tape.Replace(
                blocks[layer].Output,
                after =>
                {
                    var changed = before + ((after - before) * share);
                    return mean is null ? changed : changed + ((1.0 - share) * mean);
                }
            );
        }
    }
}
