using ExplainService.Goldens;
using ExplainService.Images;
using ExplainService.Images.Reading;

namespace ExplainService.Tests.Images;

/// <summary>Pictures that Pillow made (<c>data/pictures/make.py</c>), and some that are made here.</summary>
internal static class Pictures
{
    public static byte[] File(string name) => System.IO.File.ReadAllBytes(ReferenceData.PathOf("pictures", "files", name));

    public static RgbImage Read(string name) => ImageReader.Read(File(name), new ImageOptions()).Image;

    /// <summary>The formula of the large picture of <c>make.py</c>.</summary>
    public static RgbImage Formula(int width, int height)
    {
        var pixels = new byte[3 * width * height];
        for (var i = 0; i < pixels.Length; i++)
        {
            var (x, y, channel) = (i / 3 % width, i / 3 / width, i % 3);
            pixels[i] = (byte)((7 * x) + (13 * y) + (50 * channel) + (x * y / 97));
        }

        return new RgbImage(width, height, pixels);
    }

    public static RgbImage OneColour(int width, int height, byte red, byte green, byte blue)
    {
        var pixels = new byte[3 * width * height];
        for (var i = 0; i < pixels.Length; i += 3)
        {
            (pixels[i], pixels[i + 1], pixels[i + 2]) = (red, green, blue);
        }

        return new RgbImage(width, height, pixels);
    }
}
