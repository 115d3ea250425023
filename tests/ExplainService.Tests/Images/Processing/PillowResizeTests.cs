using System.Security.Cryptography;
using System.Text.Json;
using CsCheck;
using ExplainService.Goldens;
using ExplainService.Images;
using ExplainService.Images.Processing;
using Xunit;

namespace ExplainService.Tests.Images.Processing;

/// <summary>Resizing to the very bytes of Pillow's <c>Image.resize</c>, with every filter, smaller, larger and along one axis alone.</summary>
public sealed class PillowResizeTests
{
    private static readonly Resized[] Expected = JsonSerializer.Deserialize<Resized[]>(
        System.IO.File.ReadAllBytes(ReferenceData.PathOf("pictures", "resized.json")),
        JsonSerializerOptions.Web
    )!;

    private static readonly RgbImage Source = Pictures.Read("source.png");
    private static readonly RgbImage Large = Pictures.Formula(1000, 701);

    public static TheoryData<int> Cases => [.. Enumerable.Range(0, Expected.Length)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Bytes_are_Pillows(int index)
    {
        var expected = Expected[index];
        var whole = new Window(0, 0, expected.Width, expected.Height);

        var bytes = PillowResize.Resize(
            expected.Of == "large" ? Large : Source,
            expected.Width,
            expected.Height,
            (ResampleFilter)expected.Resample,
            whole
        );

        var start = Convert.FromBase64String(expected.Start);
        Assert.Equal(start, bytes[..start.Length]);
        Assert.Equal(expected.Sha256, Convert.ToHexStringLower(SHA256.HashData(bytes)));
    }

    [Fact]
    public void A_window_is_cut_out_of_the_whole_and_black_beyond_it() =>
        Gen.Select(Gen.Int[1, 90], Gen.Int[1, 70], Gen.Enum<ResampleFilter>(), Gen.Int[-20, 80], Gen.Int[-20, 60])
            .Select(Gen.Int[1, 40], Gen.Int[1, 40])
            .Sample(
                (size, windowWidth, windowHeight) =>
                {
                    var (width, height, filter, left, top) = size;
                    var whole = PillowResize.Resize(Source, width, height, filter, new Window(0, 0, width, height));

                    var window = PillowResize.Resize(Source, width, height, filter, new Window(left, top, windowWidth, windowHeight));

                    for (var i = 0; i < window.Length; i++)
                    {
                        var (x, y) = ((i / 3 % windowWidth) + left, (i / 3 / windowWidth) + top);
                        var inside = x >= 0 && x < width && y >= 0 && y < height;
                        Assert.Equal(inside ? whole[(3 * ((y * width) + x)) + (i % 3)] : 0, window[i]);
                    }
                },
                iter: 200
            );

    [Theory]
    [InlineData(1, 40_000)]
    [InlineData(40_000, 1)]
    public void The_middle_of_a_very_long_picture_takes_no_more_memory_than_the_middle(int width, int height)
    {
        var picture = Pictures.OneColour(width, height, 10, 20, 30);
        var allocated = Allocations.Of(() =>
            PillowResize.Resize(picture, 224 * width, 224 * height, ResampleFilter.Bicubic, new Window(0, 0, 224, 224))
        );

        Assert.InRange(allocated, 0, 4 << 20);
    }

    private sealed record Resized(string? Of, int Resample, int Width, int Height, string Sha256, string Start);
}
