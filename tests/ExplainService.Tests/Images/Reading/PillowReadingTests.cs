using System.Text.Json;
using ExplainService.Goldens;
using ExplainService.Images;
using ExplainService.Images.Reading;
using Xunit;

namespace ExplainService.Tests.Images.Reading;

/// <summary>Pixels as Pillow's <c>exif_transpose</c> and <c>convert("RGB")</c> give them: every kind of PNG, JPEG and WebP that Pillow writes.</summary>
public sealed class PillowReadingTests
{
    private static readonly Dictionary<string, Decoded> Expected = JsonSerializer.Deserialize<Dictionary<string, Decoded>>(
        System.IO.File.ReadAllBytes(ReferenceData.PathOf("pictures", "decoded.json")),
        JsonSerializerOptions.Web
    )!;

    public static TheoryData<string> Names => [.. Expected.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Pixels_are_Pillows(string name)
    {
        var expected = Expected[name];

        var image = ImageReader.Read(Pictures.File(name), new ImageOptions()).Image;

        Assert.Equal((expected.Width, expected.Height), (image.Width, image.Height));
        Assert.Equal(Convert.FromBase64String(expected.Rgb), image.Pixels);
    }

    [Theory]
    [InlineData("rgb.png", "image/png")]
    [InlineData("420.jpg", "image/jpeg")]
    [InlineData("lossy.webp", "image/webp")]
    public void The_type_is_told_by_the_bytes_and_nothing_is_noted_of_a_plain_picture(string name, string type)
    {
        var read = ImageReader.Read(Pictures.File(name), new ImageOptions());

        Assert.Equal(type, read.MediaType);
        Assert.Empty(read.Notes);
    }

    [Theory]
    [InlineData("animated.png", ImageNoteCode.FirstFrame)]
    [InlineData("animated.webp", ImageNoteCode.FirstFrame)]
    [InlineData("rgba.png", ImageNoteCode.TransparencyDropped)]
    [InlineData("grey-alpha.png", ImageNoteCode.TransparencyDropped)]
    [InlineData("palette-transparent.png", ImageNoteCode.TransparencyDropped)]
    [InlineData("alpha.webp", ImageNoteCode.TransparencyDropped)]
    public void What_was_left_out_is_noted(string name, string code) =>
        Assert.Equal(code, Assert.Single(ImageReader.Read(Pictures.File(name), new ImageOptions()).Notes).Code);

    private sealed record Decoded(int Width, int Height, string Rgb);
}
