using ExplainService.Images.Units;
using Xunit;

namespace ExplainService.Tests.Images.Units;

/// <summary>What stands for hidden units.</summary>
public sealed class ReplacementTests
{
    private const int Height = 30;
    private const int Width = 40;

    /// <summary>A ramp, a constant, a checkerboard.</summary>
    private static readonly float[] Pixels =
    [
        .. Enumerable.Range(0, Height * Width).Select(i => (float)(i % Width)),
        .. Enumerable.Repeat(-2f, Height * Width),
        .. Enumerable.Range(0, Height * Width).Select(i => (float)(((i % Width) + (i / Width)) % 2)),
    ];

    [Fact]
    public void Mean_is_the_mean_of_each_channel()
    {
        var filled = Of(Replacement.Mean);

        Assert.All(Channel(filled, 0), value => Assert.Equal(19.5, value, 1e-5));
        Assert.All(Channel(filled, 1), value => Assert.Equal(-2, value, 1e-5));
        Assert.All(Channel(filled, 2), value => Assert.Equal(0.5, value, 1e-5));
    }

    [Fact]
    public void Zero_is_zero_in_pixel_values() => Assert.All(Of(Replacement.Zero), value => Assert.Equal(0, value));

    [Fact]
    public void Blur_keeps_what_is_large_and_loses_what_is_small()
    {
        var blurred = Of(Replacement.Blur);

        // Far from the edges a ramp stays a ramp; a checkerboard becomes its mean, a constant itself.
        Assert.Equal(20, Channel(blurred, 0)[(15 * Width) + 20], 1e-3);
        Assert.All(Channel(blurred, 1), value => Assert.Equal(-2, value, 1e-5));
        Assert.All(Channel(blurred, 2), value => Assert.Equal(0.5, value, 0.15));
        Assert.Equal(0.5, Channel(blurred, 2)[(15 * Width) + 20], 1e-3);
    }

    [Fact]
    public void Blur_is_the_convolution_with_a_gaussian()
    {
        var plane = new float[41 * 41];
        plane[(20 * 41) + 20] = 1;
        var blurred = new float[plane.Length];

        GaussianBlur.Of(plane, 41, 41, 2, blurred);

        for (var i = 0; i < plane.Length; i++)
        {
            var (y, x) = ((i / 41) - 20, (i % 41) - 20);
            var expected = Math.Abs(x) <= 6 && Math.Abs(y) <= 6 ? Math.Exp(-((x * x) + (y * y)) / 8.0) / (8 * Math.PI) : 0;
            Assert.Equal(expected, blurred[i], 3e-4);
        }
    }

    [Fact]
    public void Noise_has_the_mean_and_the_spread_of_each_channel()
    {
        var noise = Of(Replacement.Noise);

        var ramp = Channel(noise, 0);
        var mean = ramp.Average(value => (double)value);
        var deviation = Math.Sqrt(ramp.Average(value => (value - mean) * (value - mean)));
        Assert.Equal(19.5, mean, 1.5);
        Assert.Equal(Math.Sqrt(((Width * Width) - 1) / 12.0), deviation, 0.6);
        Assert.All(Channel(noise, 1), value => Assert.Equal(-2, value, 1e-5));
    }

    [Fact]
    public void Noise_is_the_same_for_the_same_seed_and_another_for_another()
    {
        Assert.Equal(Of(Replacement.Noise, 7), Of(Replacement.Noise, 7));
        Assert.NotEqual(Of(Replacement.Noise, 7), Of(Replacement.Noise, 8));
    }

    private static float[] Of(Replacement kind, ulong seed = 1) => Replacements.Of(kind, Pixels, Height, Width, seed);

    private static float[] Channel(float[] pixels, int channel) => pixels[(channel * Height * Width)..((channel + 1) * Height * Width)];
}
