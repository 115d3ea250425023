using System.Globalization;
using SkiaSharp;

namespace ExplainService.Images.Reading;

/// <summary>
/// Bytes of a PNG, JPEG or WebP to the pixels that Pillow's <c>exif_transpose</c> and <c>convert("RGB")</c> give, with which models are
/// trained: turned upright, transparency dropped, colour profiles left alone, of moving pictures the first frame.
/// </summary>
public static class ImageReader
{
    /// <summary>The longest that JPEG can say; what resizing keeps of a line grows with it.</summary>
    private const int LongestSide = 65_535;

    /// <summary>The picture; an <see cref="ImageException"/> where there is none, and no other exception.</summary>
    public static ReadImage Read(ReadOnlySpan<byte> file, ImageOptions options)
    {
        if (file.IsEmpty)
        {
            throw new ImageException(ImageFault.Unreadable, "The picture is empty.");
        }

        if (file.Length > options.MaxBytes)
        {
            throw TooManyBytes(options);
        }

        var header = ImageHeader.Read(file);
        if ((long)header.Width * header.Height > options.MaxPixels)
        {
            throw new ImageException(
                ImageFault.TooLarge,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The picture has {header.Width} × {header.Height} pixels; at most {options.MaxPixels} are read (Images:MaxPixels)."
                )
            );
        }

        if (Math.Max(header.Width, header.Height) > LongestSide)
        {
            throw new ImageException(
                ImageFault.TooLarge,
                string.Create(CultureInfo.InvariantCulture, $"The picture has a side of more than {LongestSide} pixels.")
            );
        }

        var image = Decode(file, header, out var transparent);
        List<ImageNote> notes = [];
        if (header.Animated)
        {
            notes.Add(new(ImageNoteCode.FirstFrame, "The picture moves: its first frame was read."));
        }

        if (transparent)
        {
            notes.Add(
                new(
                    ImageNoteCode.TransparencyDropped,
                    "The picture is transparent in places: the colours that are stored there were read, as models are trained (Pillow's convert(\"RGB\"))."
                )
            );
        }

        return new ReadImage(image, header.MediaType, notes);
    }

    /// <summary>The pixels that a file says it has; 0 where it cannot be read, which reading it will say.</summary>
    public static long PixelsOf(ReadOnlySpan<byte> file)
    {
        try
        {
            var header = ImageHeader.Read(file);
            return (long)header.Width * header.Height;
        }
        catch (ImageException)
        {
            return 0;
        }
    }

    internal static ImageException TooManyBytes(ImageOptions options) =>
        new(
            ImageFault.TooManyBytes,
            string.Create(CultureInfo.InvariantCulture, $"The picture has more than {options.MaxBytes} bytes (Images:MaxBytes).")
        );

    private static RgbImage Decode(ReadOnlySpan<byte> file, ImageHeader header, out bool transparent)
    {
        var format = Name(header.MediaType);
        using var data = SKData.CreateCopy(file);
        using var stream = new SKMemoryStream(data);
        using var codec = SKCodec.Create(stream, out var opened);
        if (codec is null)
        {
            throw opened == SKCodecResult.IncompleteInput ? ImageHeader.CutOff(format) : ImageHeader.Damaged(format);
        }

        // The limit was held against the header that was read here: no other size may be decoded.
        if (codec.Info.Width != header.Width || codec.Info.Height != header.Height)
        {
            throw ImageHeader.Damaged(format);
        }

        // Without a colour space, so that the values come as they are stored.
        var info = new SKImageInfo(header.Width, header.Height, SKColorType.Rgba8888, SKAlphaType.Unpremul);
        using var bitmap = new SKBitmap();
        if (!bitmap.TryAllocPixels(info))
        {
            throw new ImageException(ImageFault.TooLarge, "There is no memory left for a picture of this size.");
        }

        return codec.GetPixels(info, bitmap.GetPixels()) switch
        {
            SKCodecResult.Success => UprightCopy.Of(
                bitmap.GetPixelSpan(),
                header.Width,
                header.Height,
                header.Orientation,
                out transparent
            ),
            SKCodecResult.IncompleteInput => throw ImageHeader.CutOff(format),
            _ => throw ImageHeader.Damaged(format),
        };
    }

    private static string Name(string mediaType) =>
        mediaType switch
        {
            "image/png" => "PNG",
            "image/jpeg" => "JPEG",
            _ => "WebP",
        };
}
