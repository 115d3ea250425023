using System.Globalization;

namespace ExplainService.Images.Processing;

/// <summary>Pictures to <c>pixel_values</c>, as the model's <c>preprocessor_config.json</c> says and Transformers does it.</summary>
public sealed class ImageProcessor
{
    private const int Channels = 3;

    /// <summary>Where a model takes pictures of any proportions, long ones would be made larger without end.</summary>
    private const int MostPixels = 1 << 22;

    private readonly float[][] values;

    private ImageProcessor(ProcessorSettings settings)
    {
        Settings = settings;
        values = [.. Enumerable.Range(0, Channels).Select(channel => Values(settings, channel))];
    }

    /// <summary>What is done.</summary>
    public ProcessorSettings Settings { get; }

    /// <summary>The size of every picture after processing; none where it depends on the picture.</summary>
    public PixelSize? Size => Settings.Crop ?? (Settings.Resize as ResizeTarget.Exact)?.Size;

    /// <summary>
    /// Of the text of a <c>preprocessor_config.json</c>; an <see cref="ImageProcessorException"/> where it asks for what is not done here.
    /// </summary>
    /// <param name="json">The file.</param>
    /// <param name="modelType">The <c>model_type</c> of <c>config.json</c>: older files leave their class to it.</param>
    public static ImageProcessor Read(string json, string? modelType) => new(ProcessorReader.Read(json, modelType));

    /// <summary>The picture as the model sees it.</summary>
    public ProcessedImage Process(RgbImage image)
    {
        var map = Map(image.Width, image.Height);
        var (width, height) = (map.Seen.Width, map.Seen.Height);
        if ((long)width * height > MostPixels)
        {
            throw new ImageException(
                ImageFault.TooLarge,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The model's processor makes {width} × {height} pixels of this picture; at most {MostPixels} are explained."
                )
            );
        }

        var bytes = PillowResize.Resize(image, map.ResizedWidth, map.ResizedHeight, Settings.Filter, map.Seen);
        var pixels = new float[Channels * width * height];
        for (var channel = 0; channel < Channels; channel++)
        {
            var table = values[channel];
            var plane = pixels.AsSpan(channel * width * height, width * height);
            for (int i = 0, at = Source(channel); i < plane.Length; i++, at += Channels)
            {
                plane[i] = table[bytes[at]];
            }
        }

        return new ProcessedImage(pixels, height, width, map);
    }

    /// <summary>Where the model's pixels of a picture of this size come from.</summary>
    public PictureMap Map(int width, int height)
    {
        var resized = Settings.Resize?.Of(height, width) ?? new PixelSize(height, width);
        var seen = Settings.Crop is { } crop
            ? new Window(Offset(resized.Width, crop.Width), Offset(resized.Height, crop.Height), crop.Width, crop.Height)
            : new Window(0, 0, resized.Width, resized.Height);
        return new PictureMap(width, height, resized.Width, resized.Height, seen);
    }

    /// <summary>The pixels of a processed picture as bytes again, for people to see what the model sees.</summary>
    public RgbImage Show(ProcessedImage image)
    {
        var bytes = new byte[image.Pixels.Length];
        var size = image.Width * image.Height;
        for (var channel = 0; channel < Channels; channel++)
        {
            // The table is a straight line through its ends.
            var table = values[channel];
            var slope = (table[255] - table[0]) / 255;
            for (var i = 0; i < size; i++)
            {
                bytes[(Channels * i) + Source(channel)] = (byte)
                    Math.Clamp(MathF.Round((image.Pixels[(channel * size) + i] - table[0]) / slope), 0, 255);
            }
        }

        return new RgbImage(image.Width, image.Height, bytes);
    }

    /// <summary>
    /// How far the middle begins from the edge; below zero where it is larger than the picture. Transformers' older classes cut an odd pixel off the end; their
    /// fast ones round halves to even, and widen a picture that is too small at its end.
    /// </summary>
    private int Offset(int size, int crop) =>
        !Settings.Fast ? (int)Math.Floor((size - crop) / 2.0)
        : size < crop ? -((crop - size) / 2)
        : (int)Math.Round((size - crop) / 2.0, MidpointRounding.ToEven);

    private int Source(int channel) => Settings.BlueFirst ? Channels - 1 - channel : channel;

    /// <summary>What each byte becomes in a channel, with NumPy's precision at each step.</summary>
    private static float[] Values(ProcessorSettings settings, int channel)
    {
        var table = new float[256];
        for (var level = 0; level < table.Length; level++)
        {
            var value = settings.RescaleFactor is { } factor ? (float)(level * factor) : level;
            value = settings.RescaleOffset ? value - 1 : value;
            if (settings.Mean is { } mean && settings.Deviation is { } deviation)
            {
                value = (value - mean[channel]) / deviation[channel];
            }

            table[level] = settings.SecondDeviation is { } again ? value / again[channel] : value;
        }

        return table;
    }
}
