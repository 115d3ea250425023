using ExplainService.Graph.Building;

namespace ExplainService.Graph.Forms;

/// <summary>
/// What the heads of attention layers give out is multiplied by numbers of the row, before the matrix that joins the heads (Michel et al.
/// 2019).
/// </summary>
/// <param name="Mean">What is taken away is made up for by a mean of the head's, an input too.</param>
public sealed record HeadAblation(bool Mean) : GraphIntervention
{
    /// <inheritdoc/>
    public override string Name => Mean ? "ablation/heads/mean" : "ablation/heads";

    internal override void Emit(Tape tape, GraphReport report)
    {
        var blocks = HiddenStates.Blocks(report);
        var heads = blocks[0].Map.Heads ?? throw new NotSupportedException("The graph does not tell how many heads its attention has.");
        var shares = PerLayer(tape, FormNames.Kept, ElementType.Float, blocks.Count, heads);
        var means = Mean ? tape.Input(FormNames.Means, ElementType.Float, blocks.Count, heads, Dim.Of("channels")) : null;
        for (var layer = 0; layer < blocks.Count; layer++)
        {
            var (map, number) = (blocks[layer].Map, layer);
            var share = OfLayer(shares, layer).Unsqueeze(2, 3);
            tape.Replace(
                map.Product.Output.Name,
                outputs =>
                {
                    var kept = outputs * map.SpreadOverOutputs(share, outputs);
                    if (means is null)
                    {
                        return kept;
                    }

                    // [layers, heads, channels] → [1, heads, 1, channels], for the part that is off.
                    var filling = (1.0 - share) * means.Gather(tape.List([number]), 0).Unsqueeze(2);
                    return kept + map.SpreadOverOutputs(filling, outputs);
                }
            );
        }
    }
}
