using ExplainService.Methods.Contracts;
using ExplainService.Runtime;

namespace ExplainService.Methods.Inside;

/// <summary>Neurons as requests name them.</summary>
internal static class NeuronChoice
{
    /// <summary>The neurons that a request names.</summary>
    /// <exception cref="InvalidRequestException">The model has no such neuron, or one is named twice.</exception>
    public static IReadOnlyList<LayerPart> Of(IReadOnlyList<NeuronRequest> wanted, ModelDescription model)
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
