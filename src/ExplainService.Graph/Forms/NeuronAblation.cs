using ExplainService.Graph.Building;

namespace ExplainService.Graph.Forms;

/// <summary>One inner activation of feed-forward networks is set to zero, or to a mean; the row names it for each layer, or −1 for none.</summary>
/// <param name="Mean">A mean of the neuron's takes the place of zero, an input too.</param>
public sealed record NeuronAblation(bool Mean) : GraphIntervention
{
    /// <inheritdoc/>
    public override string Name => Mean ? "ablation/neurons/mean" : "ablation/neurons";

    internal override void Emit(Tape tape, GraphReport report)
    {
        var blocks = HiddenStates.Blocks(report);
        var chosen = PerLayer(tape, FormNames.Chosen, ElementType.Int64, blocks.Count);
        var means = Mean ? tape.Input(FormNames.Means, ElementType.Float, blocks.Count, Dim.Of("inner")) : null;
        for (var layer = 0; layer < blocks.Count; layer++)
        {
            var name = InnerActivations.ActivationOf(report, layer);
            var size =
                tape.Shapes[name].Dims?[^1].Value
                ?? throw new NotSupportedException("The graph does not tell how many neurons its feed-forward networks have.");
            var numbers = tape.Constant<long>([.. Enumerable.Range(0, (int)size).Select(number => (long)number)], size);
            // [batch, 1, inner]
            var isOff = OfLayer(chosen, layer).Unsqueeze(1, 2).EqualTo(numbers);
            var filling = means?.Gather(tape.Constant<long>([layer]), 0) ?? tape.Scalar(0, ElementType.Float);
            tape.Replace(name, activations => isOff.Where(filling, activations));
        }
    }
}
