using ExplainService.Methods.Contracts;
using ExplainService.Runtime;

namespace ExplainService.Methods.Inside;

/// <summary>Layers (and what they hold) as requests name them.</summary>
internal static class LayerChoice
{
    /// <summary>The layers that a request names, in its order; all where it names none.</summary>
    /// <exception cref="InvalidRequestException">The model has no such layer, or one is named twice.</exception>
    public static IReadOnlyList<int> Of(IReadOnlyList<int>? wanted, ModelDescription model)
    {
        if (wanted is null)
        {
            return [.. Enumerable.Range(0, model.Layers)];
        }

        if (wanted.Count == 0 || wanted.Distinct().Count() != wanted.Count)
        {
            throw InvalidRequestException.Malformed("layers", "must list each index once, at least one");
        }

        return wanted.All(layer => layer >= 0 && layer < model.Layers)
            ? wanted
            : throw InvalidRequestException.CannotDo(
                "layers",
                FormattableString.Invariant($"The model has layers 0 to {model.Layers - 1}.")
            );
    }

    /// <summary>The neurons that a request names.</summary>
    /// <exception cref="InvalidRequestException">The model has no such neuron, or one is named twice.</exception>
    public static IReadOnlyList<LayerPart> Neurons(IReadOnlyList<NeuronRequest> wanted, ModelDescription model)
    {
        if (wanted.Count == 0 || wanted.Distinct().Count() != wanted.Count)
        {
            throw InvalidRequestException.Malformed("neurons", "must list each neuron once, at least one");
        }

        return wanted.All(one => one.Layer >= 0 && one.Layer < model.Layers && one.Neuron >= 0 && one.Neuron < model.Neurons)
            ? [.. wanted.Select(one => new LayerPart(one.Layer, one.Neuron))]
            : throw InvalidRequestException.CannotDo(
                "neurons",
                FormattableString.Invariant($"The model has layers 0 to {model.Layers - 1} with neurons 0 to {model.Neurons - 1} each.")
            );
    }
}
