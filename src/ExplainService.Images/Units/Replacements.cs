using System.Numerics.Tensors;

namespace ExplainService.Images.Units;

/// <summary>Whole pictures of what stands for hidden units: made once, then copied from.</summary>
public static class Replacements
{
    /// <summary>Of <c>pixel_values</c> [channel][row][column].</summary>
    /// <param name="kind">Which.</param>
    /// <param name="pixels">The picture.</param>
    /// <param name="height">Its rows.</param>
    /// <param name="width">Its columns.</param>
    /// <param name="seed">Of the noise; the others are the same for every seed.</param>
    public static float[] Of(Replacement kind, ReadOnlySpan<float> pixels, int height, int width, ulong seed)
    {
        var size = height * width;
        ArgumentOutOfRangeException.ThrowIfNotEqual(pixels.Length % size, 0, nameof(pixels));
        var result = new float[pixels.Length];
        for (var at = 0; at < pixels.Length; at += size)
        {
            var plane = pixels.Slice(at, size);
            var into = result.AsSpan(at, size);
            switch (kind)
            {
                case Replacement.Mean:
                    into.Fill((float)Mean(plane));
                    break;
                case Replacement.Blur:
                    GaussianBlur.Of(plane, height, width, GaussianBlur.SigmaOf(height, width), into);
                    break;
                case Replacement.Noise:
                    FillWithNoise(plane, seed, at, into);
                    break;
                case Replacement.Zero:
                    break;
                default:
                    throw new ArgumentOutOfRangeException(nameof(kind));
            }
        }

        return result;
    }

    private static double Mean(ReadOnlySpan<float> plane)
    {
        var sum = 0.0;
        foreach (var value in plane)
        {
            sum += value;
        }

        return sum / plane.Length;
    }

    private static void FillWithNoise(ReadOnlySpan<float> plane, ulong seed, int from, Span<float> into)
    {
        var mean = Mean(plane);
        var deviation = TensorPrimitives.Distance(plane, Filled((float)mean, into)) / Math.Sqrt(plane.Length);
        for (var i = 0; i < into.Length; i++)
        {
            into[i] = (float)(mean + (deviation * Normal(seed, (ulong)(from + i))));
        }
    }

    private static Span<float> Filled(float value, Span<float> into)
    {
        into.Fill(value);
        return into;
    }

    /// <summary>Box and Muller (1958), of two numbers that depend on the seed and the pixel alone.</summary>
    private static double Normal(ulong seed, ulong index)
    {
        var (radius, angle) = (Uniform(seed, 2 * index), Uniform(seed, (2 * index) + 1));
        return Math.Sqrt(-2 * Math.Log(1 - radius)) * Math.Cos(2 * Math.PI * angle);
    }

    /// <summary>SplitMix64 (Steele, Lea, Flood 2014) at a place of its sequence, in [0, 1).</summary>
    private static double Uniform(ulong seed, ulong index)
    {
        var state = Mix(seed + 0x9E3779B97F4A7C15) + (index * 0x9E3779B97F4A7C15);
        return (Mix(state) >> 11) * (1.0 / (1UL << 53));
    }

    private static ulong Mix(ulong bits)
    {
        bits = (bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9;
        bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EB;
        return bits ^ (bits >> 31);
    }
}
