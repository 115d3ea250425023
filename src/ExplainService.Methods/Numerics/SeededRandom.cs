using System.Numerics;

namespace ExplainService.Methods.Numerics;

/// <summary>
/// A generator whose draws depend on the seed alone, on every machine and in every version of the framework: xoshiro256**
/// (Blackman and Vigna 2021), its state filled by SplitMix64. Not safe for use by several threads at once.
/// </summary>
public sealed class SeededRandom
{
    private readonly ulong[] state = new ulong[4];
    private double spare = double.NaN;

    /// <summary>Starts the sequence that belongs to a seed.</summary>
    public SeededRandom(long seed)
    {
        var z = unchecked((ulong)seed);
        for (var i = 0; i < state.Length; i++)
        {
            z = unchecked(z + 0x9E3779B97F4A7C15UL);
            var mixed = unchecked((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL);
            mixed = unchecked((mixed ^ (mixed >> 27)) * 0x94D049BB133111EBUL);
            state[i] = mixed ^ (mixed >> 31);
        }
    }

    /// <summary>64 random bits.</summary>
    public ulong NextBits()
    {
        var result = unchecked(BitOperations.RotateLeft(unchecked(state[1] * 5), 7) * 9);
        var shifted = state[1] << 17;
        state[2] ^= state[0];
        state[3] ^= state[1];
        state[1] ^= state[2];
        state[0] ^= state[3];
        state[2] ^= shifted;
        state[3] = BitOperations.RotateLeft(state[3], 45);
        return result;
    }

    /// <summary>Uniform in [0, 1), with 53 bits.</summary>
    public double NextDouble() => (NextBits() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Uniform in [0, <paramref name="bound"/>), without bias (Lemire 2019).</summary>
    public int Next(int bound)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bound, 1);
        var range = (ulong)bound;
        while (true)
        {
            var high = Math.BigMul(NextBits(), range, out var low);
            if (low >= range || low >= unchecked(0UL - range) % range)
            {
                return (int)high;
            }
        }
    }

    /// <summary>Standard normal (Marsaglia's polar method).</summary>
    public double NextGaussian()
    {
        if (!double.IsNaN(spare))
        {
            (var kept, spare) = (spare, double.NaN);
            return kept;
        }

        while (true)
        {
            var (u, v) = ((2 * NextDouble()) - 1, (2 * NextDouble()) - 1);
            var square = (u * u) + (v * v);
            if (square is > 0 and < 1)
            {
                var scale = Math.Sqrt(-2 * Math.Log(square) / square);
                spare = v * scale;
                return u * scale;
            }
        }
    }

    /// <summary>Puts the items into a uniformly random order (Fisher and Yates).</summary>
    public void Shuffle<T>(Span<T> items)
    {
        for (var last = items.Length - 1; last > 0; last--)
        {
            var other = Next(last + 1);
            (items[last], items[other]) = (items[other], items[last]);
        }
    }
}
