using ExplainService.Graph.Building;
using ExplainService.Graph.Patterns;

namespace ExplainService.Graph.Forms;

/// <summary>Values inside a model at which a gradient form shows what they contribute to f.</summary>
[Flags]
public enum FormPoints
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>Σ_d h ⊙ ∂f/∂h of the residual stream, [batch, sequence] a layer; 0: before the first.</summary>
    Layers = 1,

    /// <summary>h and ∂f/∂h of the residual stream, [batch, sequence, hidden] a layer; 0: before the first.</summary>
    LayerStates = 2,

    /// <summary>a and a ⊙ ∂f/∂a of the inner activations, [batch, sequence, inner] a layer.</summary>
    Neurons = 4,

    /// <summary>Σ |o ⊙ ∂f/∂o| and Σ o ⊙ ∂f/∂o over what each head gives out, [batch, heads] a layer.</summary>
    Heads = 8,
}

/// <summary>Finds the points in a graph whose embeddings are inputs, and gives them out.</summary>
/// <param name="report">What was found in the graph.</param>
/// <param name="points">Which.</param>
internal sealed class GradientPoints(GraphReport report, FormPoints points)
{
    private readonly IReadOnlyList<Block> blocks = points == FormPoints.None ? [] : HiddenStates.Blocks(report);

    /// <summary>The values, which must stay whole in the graph and whose gradients are wanted.</summary>
    public IReadOnlyList<string> Values => [.. Stream(), .. Activations(), .. Outputs()];

    /// <summary>Makes what they contribute outputs of the form.</summary>
    /// <param name="tape">The graph.</param>
    /// <param name="gradients">∂f/∂ each of <see cref="Values"/> that f depends on.</param>
    public void Emit(Tape tape, IReadOnlyDictionary<string, Value> gradients)
    {
        var stream = Stream();
        for (var layer = 0; layer < stream.Count; layer++)
        {
            var (value, gradient) = (Float(tape, stream[layer]), Of(stream[layer]));
            if (points.HasFlag(FormPoints.Layers))
            {
                tape.Output((value * gradient).ReduceSum([-1], keepdims: false), FormNames.LayerScores(layer));
            }

            if (points.HasFlag(FormPoints.LayerStates))
            {
                tape.Output(value, FormNames.Hidden(layer));
                tape.Output(gradient, FormNames.HiddenGradient(layer));
            }
        }

        var activations = Activations();
        for (var layer = 0; layer < activations.Count; layer++)
        {
            var value = Float(tape, activations[layer]);
            tape.Output(value, FormNames.Activation(layer));
            tape.Output(value * Of(activations[layer]), FormNames.NeuronScores(layer));
        }

        var outputs = Outputs();
        for (var layer = 0; layer < outputs.Count; layer++)
        {
            var map = blocks[layer].Map;
            var products = map.ArrangeOutputs(Float(tape, outputs[layer]) * Of(outputs[layer]));
            tape.Output(tape.Emit("Abs", products).ReduceSum([2, 3], keepdims: false), FormNames.HeadImportance(layer));
            tape.Output(products.ReduceSum([2, 3], keepdims: false), FormNames.HeadScores(layer));
        }

        Value Of(string name) => gradients.TryGetValue(name, out var found) ? found.Cast(ElementType.Float) : Float(tape, name) * 0;
    }

    private static Value Float(Tape tape, string name) => tape[name].Cast(ElementType.Float);

    /// <summary>Embeddings that are the stream themselves are an input of the form.</summary>
    private IReadOnlyList<string> Stream() =>
        (points & (FormPoints.Layers | FormPoints.LayerStates)) == 0
            ? []
            :
            [
                report.Lookups.Any(lookup => lookup.Output == blocks[0].Input) ? FormNames.Embeddings : blocks[0].Input,
                .. blocks.Select(block => block.Output),
            ];

    private IReadOnlyList<string> Activations() =>
        points.HasFlag(FormPoints.Neurons) ? [.. blocks.Select((_, layer) => InnerActivations.ActivationOf(report, layer))] : [];

    private IReadOnlyList<string> Outputs() =>
        points.HasFlag(FormPoints.Heads) ? [.. blocks.Select(block => block.Map.Product.Output.Name)] : [];
}
