using ExplainService.Runtime;

namespace ExplainService.Methods.Inside;

/// <summary>Which neurons fire together, and where: factors of the positive part of the activations (Alammar 2021, "Ecco").</summary>
internal static class ActivationFactors
{
    /// <summary>The factors, the largest first.</summary>
    /// <param name="activations">[layer][tokens × neurons].</param>
    /// <param name="layers">Which layers they are of.</param>
    /// <param name="tokens">Tokens of the text.</param>
    /// <param name="count">How many factors; there are no more than tokens.</param>
    /// <param name="most">Neurons listed a factor.</param>
    /// <param name="seed">Of the start.</param>
    /// <param name="cancellationToken">Stops.</param>
    public static IReadOnlyList<FactorAnswer> Of(
        LayerValues activations,
        IReadOnlyList<int> layers,
        int tokens,
        int count,
        int most,
        long seed,
        CancellationToken cancellationToken
    )
    {
        var neurons = activations.Size;
        float[][] columns =
        [
            .. Enumerable
                .Range(0, tokens)
                .Select(token =>
                    activations
                        .Layers.SelectMany(layer => layer.Skip(token * neurons).Take(neurons))
                        .Select(value => Math.Max(0, value))
                        .ToArray()
                ),
        ];
        var factors = NonNegativeFactors.Of(columns, Math.Min(count, tokens), seed, cancellationToken);
        return
        [
            .. factors.Loads.Zip(
                factors.Weights,
                (loads, weights) =>
                    new FactorAnswer(
                        [.. loads.Select(load => (double)load)],
                        [
                            .. Enumerable
                                .Range(0, weights.Length)
                                .OrderByDescending(index => weights[index])
                                .Take(most)
                                .Select(index => new FactorNeuron(layers[index / neurons], index % neurons, weights[index])),
                        ]
                    )
            ),
        ];
    }
}
