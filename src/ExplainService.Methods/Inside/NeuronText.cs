using ExplainService.Methods.Contracts;
using ExplainService.Runtime;

namespace ExplainService.Methods.Inside;

/// <summary>What one text says of neurons: what their meanings over many texts are summed up from.</summary>
/// <param name="Words">Its words in lower case, in order, each as often as it stands there.</param>
/// <param name="Neurons">Each of the neurons, in their order.</param>
public sealed record NeuronText(IReadOnlyList<string> Words, IReadOnlyList<NeuronOfText> Neurons)
{
    /// <summary>The labels with their logits, of models with labels of texts.</summary>
    public IReadOnlyList<LabelAnswer> Labels { get; init; } = [];

    /// <summary>Reads the activations of a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="neurons">Which neurons.</param>
    /// <param name="values">[tokens × neurons] of a layer.</param>
    /// <param name="size">How many neurons a token has.</param>
    /// <param name="most">How many examples each has at most.</param>
    /// <param name="least">What an example's absolute activation must exceed, by neuron; null: anything is one.</param>
    internal static NeuronText Of(
        CorpusText text,
        IReadOnlyList<LayerPart> neurons,
        Func<int, float[]> values,
        int size,
        int most,
        Func<int, double>? least = null
    ) =>
        new(
            [.. text.Words.Select(word => word.Word)],
            [
                .. neurons.Select(
                    (part, place) =>
                    {
                        var layer = values(part.Layer);
                        double[] activations =
                        [
                            .. Enumerable.Range(0, text.Tokens.Count).Select(token => (double)layer[(token * size) + part.Index]),
                        ];
                        var bound = least?.Invoke(place) ?? double.NegativeInfinity;
                        return new NeuronOfText(
                            part.Layer,
                            part.Index,
                            activations.Max(),
                            [.. text.Words.Select(word => word.Tokens.Max(token => activations[token]))],
                            [
                                .. Enumerable
                                    .Range(0, activations.Length)
                                    .Where(token => text.IsOwn(token) && Math.Abs(activations[token]) > bound)
                                    .OrderByDescending(token => Math.Abs(activations[token]))
                                    .Take(most)
                                    .Select(token => text.Example(token, activations[token])),
                            ]
                        );
                    }
                ),
            ]
        );
}

/// <summary>A neuron in one text.</summary>
/// <param name="Layer">Its layer.</param>
/// <param name="Neuron">Its number in the layer.</param>
/// <param name="Largest">Its largest activation, special tokens among the rest.</param>
/// <param name="Words">Its largest activation at each of the text's words.</param>
/// <param name="Examples">Its strongest tokens, strongest first.</param>
public sealed record NeuronOfText(
    int Layer,
    int Neuron,
    double Largest,
    IReadOnlyList<double> Words,
    IReadOnlyList<NeuronExample> Examples
);
