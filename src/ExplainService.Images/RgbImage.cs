namespace ExplainService.Images;

/// <summary>A picture as its viewer shows it, upright: three bytes a pixel (red, green, blue), row by row.</summary>
public sealed class RgbImage
{
    /// <summary>Takes the array over.</summary>
    public RgbImage(int width, int height, byte[] pixels)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfNotEqual(pixels.LongLength, 3L * width * height, nameof(pixels));
        Width = width;
        Height = height;
        Pixels = pixels;
    }

    /// <summary>Columns.</summary>
    public int Width { get; }

    /// <summary>Rows.</summary>
    public int Height { get; }

    /// <summary>Red, green, blue of each pixel.</summary>
    public byte[] Pixels { get; }
}
