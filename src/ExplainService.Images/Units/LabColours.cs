namespace ExplainService.Images.Units;

/// <summary>sRGB (IEC 61966-2-1) to CIELAB under D65, in which equal distances look about equal.</summary>
internal static class LabColours
{
    private static readonly double[] Linear = [.. Enumerable.Range(0, 256).Select(level => Linearised(level / 255.0))];

    /// <summary>Lightness, green to red, blue to yellow of each pixel: three planes.</summary>
    public static (float[] L, float[] A, float[] B) Of(RgbImage image)
    {
        var count = image.Width * image.Height;
        var (l, a, b) = (new float[count], new float[count], new float[count]);
        for (int i = 0, at = 0; i < count; i++, at += 3)
        {
            var (red, green, blue) = (Linear[image.Pixels[at]], Linear[image.Pixels[at + 1]], Linear[image.Pixels[at + 2]]);
            var x = Cube(((0.4124564 * red) + (0.3575761 * green) + (0.1804375 * blue)) / 0.95047);
            var y = Cube((0.2126729 * red) + (0.7151522 * green) + (0.0721750 * blue));
            var z = Cube(((0.0193339 * red) + (0.1191920 * green) + (0.9503041 * blue)) / 1.08883);
            (l[i], a[i], b[i]) = ((float)((116 * y) - 16), (float)(500 * (x - y)), (float)(200 * (y - z)));
        }

        return (l, a, b);
    }

    private static double Linearised(double value) => value <= 0.04045 ? value / 12.92 : Math.Pow((value + 0.055) / 1.055, 2.4);

    private static double Cube(double value) => value > 216 / 24389.0 ? Math.Cbrt(value) : ((24389 / 27.0 * value) + 16) / 116;
}
