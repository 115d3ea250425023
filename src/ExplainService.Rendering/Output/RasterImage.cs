using ExplainService.Rendering.Colours;
using ExplainService.Rendering.Scenes;
using SkiaSharp;

namespace ExplainService.Rendering.Output;

/// <summary>The pixels of a raster.</summary>
internal static class RasterImage
{
    /// <summary>As an image of one pixel a cell. The caller disposes of it.</summary>
    public static SKBitmap Paint(Raster raster, Theme theme)
    {
        var colours = raster.Colours.Select(tone => tone.In(theme)).Select(colour => new SKColor(colour.R, colour.G, colour.B)).ToArray();
        var bitmap = new SKBitmap(new SKImageInfo(raster.Columns, raster.Rows, SKColorType.Rgba8888, SKAlphaType.Opaque));
        bitmap.Pixels = Array.ConvertAll(raster.Levels, level => colours[level]);
        return bitmap;
    }

    /// <summary>As PNG.</summary>
    public static byte[] Encode(Raster raster, Theme theme)
    {
        using var bitmap = Paint(raster, theme);
        using var pixels = bitmap.PeekPixels();

        // Few colours, many repeats: filters only hide them from the compressor.
        using var png = pixels.Encode(new SKPngEncoderOptions(SKPngEncoderFilterFlags.NoFilters, 4));
        return png?.ToArray() ?? throw new InvalidOperationException("the picture could not be encoded");
    }
}
