using CsCheck;
using ExplainService.Images;
using ExplainService.Images.Units;
using Xunit;

namespace ExplainService.Tests.Images.Units;

/// <summary>Regions of like colour.</summary>
public sealed class SuperpixelTests
{
    [Fact]
    public void Regions_are_in_one_piece_each_numbered_without_gaps_and_the_same_every_time() =>
        Gen.Select(Gen.Int[1, 40], Gen.Int[1, 40], Gen.Int[1, 60], Gen.Byte.Array[16])
            .Sample(
                (width, height, segments, colours) =>
                {
                    var picture = Blocks(width, height, colours);

                    var units = Superpixels.Of(picture, segments);

                    var labels = units.Labels.ToArray();
                    Assert.Equal(units.Count, labels.Max() + 1);
                    Assert.Equal(units.Count, Pieces(labels, height, width));
                    Assert.Equal(labels, Superpixels.Of(picture, segments).Labels.ToArray());
                },
                iter: 60
            );

    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    [InlineData(50)]
    [InlineData(200)]
    public void There_are_about_as_many_as_asked(int segments) =>
        Assert.InRange(
            Superpixels.Of(Pictures.OneColour(112, 96, 90, 120, 200), segments).Count,
            (int)(0.7 * segments),
            (1.5 * segments) + 1
        );

    [Fact]
    public void Edges_between_colours_are_edges_of_regions()
    {
        var pixels = new byte[3 * 64 * 64];
        for (var i = 0; i < 64 * 64; i++)
        {
            // An arc that no grid follows.
            var (x, y) = (i % 64, i / 64);
            pixels[(3 * i) + ((x * x) + (y * y) < 45 * 45 ? 0 : 2)] = 220;
        }

        var units = Superpixels.Of(new RgbImage(64, 64, pixels), 30);

        var mixed = Enumerable
            .Range(0, 64 * 64)
            .GroupBy(pixel => units.Labels[pixel])
            .Sum(region => Math.Min(region.Count(pixel => pixels[3 * pixel] > 0), region.Count(pixel => pixels[3 * pixel] == 0)));
        Assert.InRange(mixed, 0, 64);
    }

    private static RgbImage Blocks(int width, int height, byte[] colours)
    {
        var pixels = new byte[3 * width * height];
        for (var i = 0; i < pixels.Length; i++)
        {
            var (x, y) = (i / 3 % width, i / 3 / width);
            pixels[i] = colours[((x / 9) + (5 * (y / 7)) + (i % 3)) % colours.Length];
        }

        return new RgbImage(width, height, pixels);
    }

    /// <summary>Connected pieces of equal labels, counted by joining neighbours.</summary>
    private static int Pieces(int[] labels, int height, int width)
    {
        var parents = Enumerable.Range(0, labels.Length).ToArray();
        for (var i = 0; i < labels.Length; i++)
        {
            if (i % width > 0 && labels[i] == labels[i - 1])
            {
                parents[Root(i)] = Root(i - 1);
            }

            if (i >= width && labels[i] == labels[i - width])
            {
                parents[Root(i)] = Root(i - width);
            }
        }

        Assert.Equal(labels.Length, height * width);
        return Enumerable.Range(0, labels.Length).Count(i => Root(i) == i);

        int Root(int i) => parents[i] == i ? i : parents[i] = Root(parents[i]);
    }
}
