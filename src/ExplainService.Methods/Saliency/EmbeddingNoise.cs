using System.Numerics.Tensors;
using ExplainService.Methods.Numerics;

namespace ExplainService.Methods.Saliency;

/// <summary>Gaussian noise whose σ is a fraction of the embeddings' range.</summary>
internal static class EmbeddingNoise
{
    /// <summary>e + N(0, (fraction · (max e − min e))²), drawn independently for every entry.</summary>
    public static Embeddings Add(Embeddings input, double fraction, SeededRandom random) =>
        new(Add(input.Tokens, fraction, random), Add(input.Decoder, fraction, random));

    /// <summary>The same of a baseline, in which some tokens keep their own embedding.</summary>
    /// <param name="baseline">The baseline.</param>
    /// <param name="fraction">σ.</param>
    /// <param name="random">The draws.</param>
    /// <param name="keeps">Whether a position keeps it: the row's, or (true) the decoder's.</param>
    /// <param name="size">Numbers of an embedding.</param>
    public static Embeddings Add(Embeddings baseline, double fraction, SeededRandom random, Func<int, bool, bool> keeps, int size)
    {
        var noisy = Add(baseline, fraction, random);
        Keep(baseline.Tokens, noisy.Tokens, decoder: false);
        Keep(baseline.Decoder, noisy.Decoder, decoder: true);
        return noisy;

        void Keep(float[] from, float[] to, bool decoder)
        {
            for (var position = 0; position < from.Length / size; position++)
            {
                if (keeps(position, decoder))
                {
                    from.AsSpan(position * size, size).CopyTo(to.AsSpan(position * size));
                }
            }
        }
    }

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
