using System.Numerics.Tensors;
using ExplainService.Methods.Numerics;

namespace ExplainService.Methods.Saliency;

/// <summary>Gaussian noise whose σ is a fraction of the embeddings' range.</summary>
internal static class EmbeddingNoise
{
    /// <summary>e + N(0, (fraction · (max e − min e))²), drawn independently for every entry.</summary>
    public static Embeddings Add(Embeddings input, double fraction, SeededRandom random) =>
        new(Add(input.Tokens, fraction, random), Add(input.Decoder, fraction, random));

    private static float[] Add(float[] values, double fraction, SeededRandom random)
    {
        if (values.Length == 0)
        {
            return values;
        }

        var deviation = fraction * (TensorPrimitives.Max<float>(values) - TensorPrimitives.Min<float>(values));
        var noisy = new float[values.Length];
        for (var i = 0; i < noisy.Length; i++)
        {
            noisy[i] = (float)(values[i] + deviation * random.NextGaussian());
        }

        return noisy;
    }
}
