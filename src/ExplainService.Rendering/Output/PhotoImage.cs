using ExplainService.Images;
using ExplainService.Rendering.Scenes;
using SkiaSharp;

namespace ExplainService.Rendering.Output;

/// <summary>Pictures inside pictures.</summary>
internal static class PhotoImage
{
    private const int JpegQuality = 92;

    /// <summary>As a bitmap. The caller disposes of it.</summary>
    public static SKBitmap Paint(RgbImage image)
    {
        var bitmap = new SKBitmap(new SKImageInfo(image.Width, image.Height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        var pixels = bitmap.GetPixelSpan();
        for (int from = 0, to = 0; from < image.Pixels.Length; from += 3, to += 4)
        {
            image.Pixels.AsSpan(from, 3).CopyTo(pixels[to..]);
            pixels[to + 3] = 255;
        }

        return bitmap;
    }

    /// <summary>As an address that holds it.</summary>
    public static string DataUrl(Photo photo)
    {
        using var bitmap = Paint(photo.Image);
        using var pixels = bitmap.PeekPixels();
        using var file = photo.IsFlat
            ? pixels.Encode(new SKPngEncoderOptions(SKPngEncoderFilterFlags.AllFilters, 6))
            : pixels.Encode(new SKJpegEncoderOptions(JpegQuality, SKJpegEncoderDownsample.Downsample444, SKJpegEncoderAlphaOption.Ignore));
        return file is null
            ? throw new InvalidOperationException("the picture could not be encoded")
            : (photo.IsFlat ? "data:image/png;base64," : "data:image/jpeg;base64,") + Convert.ToBase64String(file.AsSpan());
    }
}
