using System.Buffers.Binary;
using CsCheck;
using ExplainService.Images;
using ExplainService.Images.Reading;
using Xunit;

namespace ExplainService.Tests.Images.Reading;

/// <summary>Whatever is sent: a picture or an <see cref="ImageException"/>, and no memory for what is refused.</summary>
public sealed class HostileImageTests
{
    private static readonly ImageOptions Limits = new();
    private static readonly string[] Names =
    [
        "rgb.png",
        "interlaced.png",
        "palette.png",
        "rgb16.png",
        "420.jpg",
        "progressive.jpg",
        "cmyk.jpg",
        "lossy.webp",
        "alpha.webp",
        "animated.webp",
    ];

    public static TheoryData<string> Whole => [.. Names];

    [Theory]
    [MemberData(nameof(Whole))]
    public void A_picture_that_is_cut_off_anywhere_is_refused(string name)
    {
        var file = Pictures.File(name);
        for (var length = 0; length < file.Length; length += 10)
        {
            var refused = Assert.Throws<ImageException>(() => ImageReader.Read(file.AsSpan(0, length), Limits));
            Assert.True(refused.Fault is ImageFault.Unreadable or ImageFault.UnsupportedType, $"{length} bytes: {refused.Message}");
        }
    }

    [Theory]
    [InlineData("animated.gif", "a GIF")]
    [InlineData("picture.bmp", "a BMP")]
    [InlineData("picture.tiff", "a TIFF")]
    public void Other_pictures_are_refused_by_their_name(string name, string called) => RefusedAs(Pictures.File(name), called);

    [Theory]
    [InlineData("%PDF-1.7 and so on", "a PDF")]
    [InlineData("<svg xmlns=\"http://www.w3.org/2000/svg\"/>", "an SVG")]
    [InlineData("PK\u0003\u0004and so on", "a zip")]
    [InlineData("\0\0\0\u001cftypavif\0\0\0\0", "an AVIF")]
    [InlineData("\0\0\0\u001cftypheic\0\0\0\0", "a HEIC")]
    [InlineData("\0\0\0\u001cftypisom\0\0\0\0", "a film")]
    [InlineData("just a text", "no picture")]
    [InlineData("RIFF\0\0\0\0WAVEfmt ", "no picture")]
    public void Other_files_are_refused_by_their_name(string start, string called) =>
        RefusedAs([.. start.Select(letter => (byte)letter)], called);

    [Fact]
    public void A_WebP_shorter_than_its_own_name_is_damaged()
    {
        var refused = Assert.Throws<ImageException>(() => ImageReader.Read("RIFF\0\0\0\0WEBP"u8, Limits));
        Assert.Equal(ImageFault.Unreadable, refused.Fault);
    }

    [Theory]
    [InlineData(30_000, 30_000)]
    [InlineData(25_000_001, 1)]
    [InlineData(1, 25_000_001)]
    [InlineData(70_000, 1)]
    [InlineData(int.MaxValue, int.MaxValue)]
    public void A_bomb_is_refused_by_its_header_without_any_memory(int width, int height)
    {
        var bomb = Pictures.File("rgb.png");
        BinaryPrimitives.WriteInt32BigEndian(bomb.AsSpan(16), width);
        BinaryPrimitives.WriteInt32BigEndian(bomb.AsSpan(20), height);

        ImageException? refused = null;
        var allocated = Allocations.Of(() => refused = Assert.Throws<ImageException>(() => ImageReader.Read(bomb, Limits)));

        Assert.Equal(ImageFault.TooLarge, refused!.Fault);
        Assert.InRange(allocated, 0, 1 << 20);
    }

    [Fact]
    public void A_jpeg_bomb_is_refused_by_its_header()
    {
        var bomb = Pictures.File("420.jpg");
        var frame = bomb.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xC0]);
        BinaryPrimitives.WriteUInt16BigEndian(bomb.AsSpan(frame + 5), 65_000);
        BinaryPrimitives.WriteUInt16BigEndian(bomb.AsSpan(frame + 7), 65_000);

        Assert.Equal(ImageFault.TooLarge, Assert.Throws<ImageException>(() => ImageReader.Read(bomb, Limits)).Fault);
    }

    [Fact]
    public void A_webp_that_hides_its_size_behind_a_smaller_canvas_is_refused()
    {
        var file = Pictures.File("alpha.webp");
        var lossless = file.AsSpan().IndexOf("VP8L"u8);
        byte[] extended = [.. "VP8X"u8, 10, 0, 0, 0, 0x10, 0, 0, 0, 1, 0, 0, 1, 0, 0];
        byte[] hidden = [.. file[..12], .. extended, .. file[lossless..]];
        BinaryPrimitives.WriteInt32LittleEndian(hidden.AsSpan(4), hidden.Length - 8);

        Assert.Equal(ImageFault.Unreadable, Assert.Throws<ImageException>(() => ImageReader.Read(hidden, Limits)).Fault);
    }

    [Fact]
    public void A_picture_over_the_limits_of_the_service_is_refused_and_one_within_them_is_not()
    {
        var file = Pictures.File("rgb.png");

        Assert.Equal(ImageFault.TooManyBytes, Fault(Limits with { MaxBytes = file.Length - 1 }));
        Assert.Equal(ImageFault.TooLarge, Fault(Limits with { MaxPixels = (19 * 13) - 1 }));
        Assert.Equal(19, ImageReader.Read(file, Limits with { MaxBytes = file.Length, MaxPixels = 19 * 13 }).Image.Width);

        ImageFault Fault(ImageOptions limits) => Assert.Throws<ImageException>(() => ImageReader.Read(file, limits)).Fault;
    }

    [Fact]
    public void Greyscale_of_16_bits_is_refused_since_libraries_read_it_differently() => RefusedAs(Pictures.File("grey16.png"), "16 bits");

    [Fact]
    public void A_jpeg_of_thousands_of_scans_is_refused()
    {
        var file = Pictures.File("progressive.jpg");
        var scan = file.AsSpan().LastIndexOf((ReadOnlySpan<byte>)[0xFF, 0xDA]);
        byte[] many = [.. file[..scan], .. Enumerable.Repeat(file[scan..^2], 200).SelectMany(bytes => bytes), 0xFF, 0xD9];

        RefusedAs(many, "scans");
    }

    [Fact]
    public void A_jpeg_of_12_bits_is_refused()
    {
        var file = Pictures.File("420.jpg");
        file[file.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xC0]) + 4] = 12;

        RefusedAs(file, "12 bits");
    }

    [Fact]
    public void Any_damage_gives_a_picture_or_a_refusal() =>
        Gen.Select(Gen.Int[0, Names.Length - 1], Gen.Select(Gen.Double.Unit, Gen.Byte).Array[1, 12])
            .Sample(
                (picture, changes) =>
                {
                    var file = Pictures.File(Names[picture]);
                    foreach (var (place, value) in changes)
                    {
                        file[(int)(place * file.Length)] = value;
                    }

                    ReadOrRefuse(file);
                },
                iter: 3000
            );

    [Fact]
    public void Any_bytes_after_the_start_of_a_picture_give_a_refusal_or_a_picture() =>
        Gen.Select(Gen.Int[0, Names.Length - 1], Gen.Int[0, 80], Gen.Byte.Array[0, 200])
            .Sample((picture, kept, bytes) => ReadOrRefuse([.. Pictures.File(Names[picture])[..kept], .. bytes]), iter: 3000);

    private static void ReadOrRefuse(byte[] file)
    {
        try
        {
            var image = ImageReader.Read(file, Limits with { MaxPixels = 1 << 20 }).Image;
            Assert.Equal(3 * image.Width * image.Height, image.Pixels.Length);
        }
        catch (ImageException refused)
        {
            Assert.NotEmpty(refused.Message);
        }
    }

    private static void RefusedAs(byte[] file, string called) =>
        Assert.Contains(called, Assert.Throws<ImageException>(() => ImageReader.Read(file, Limits)).Message, StringComparison.Ordinal);
}
