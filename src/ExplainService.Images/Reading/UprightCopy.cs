namespace ExplainService.Images.Reading;

/// <summary>Decoded pixels turned upright, without their transparency.</summary>
internal static class UprightCopy
{
    private const int Rgba = 4;

    /// <summary>The picture, and whether a pixel of it was transparent.</summary>
    public static RgbImage Of(ReadOnlySpan<byte> rgba, int width, int height, int orientation, out bool transparent)
    {
        var (outWidth, outHeight) = orientation >= 5 ? (height, width) : (width, height);
        var (start, right, down) = Walk(width, height, orientation);
        var pixels = new byte[3 * outWidth * outHeight];
        byte alphas = 255;
        var at = 0;
        for (var y = 0; y < outHeight; y++)
        {
            var source = Rgba * (start + (y * down));
            for (var x = 0; x < outWidth; x++, at += 3, source += Rgba * right)
            {
                pixels[at] = rgba[source];
                pixels[at + 1] = rgba[source + 1];
                pixels[at + 2] = rgba[source + 2];
                alphas &= rgba[source + 3];
            }
        }

        transparent = alphas != 255;
        return new RgbImage(outWidth, outHeight, pixels);
    }

    /// <summary>Where the upright picture begins among the stored pixels, and how far its next pixel and its next row are.</summary>
    private static (int Start, int Right, int Down) Walk(int width, int height, int orientation)
    {
        var (topRight, bottomLeft, bottomRight) = (width - 1, (height - 1) * width, (width * height) - 1);
        return orientation switch
        {
            2 => (topRight, -1, width),
            3 => (bottomRight, -1, -width),
            4 => (bottomLeft, 1, -width),
            5 => (0, width, 1),
            6 => (bottomLeft, -width, 1),
            7 => (bottomRight, -width, -1),
            8 => (topRight, width, -1),
            _ => (0, 1, width),
        };
    }
}
