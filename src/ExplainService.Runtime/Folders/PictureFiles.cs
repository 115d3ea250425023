using ExplainService.Images;
using ExplainService.Images.Processing;

namespace ExplainService.Runtime.Folders;

/// <summary>What a folder says of how its model's pictures are processed.</summary>
internal static class PictureFiles
{
    /// <summary>Reads it, and refuses what nobody here can do: a model that is shown other pixels than it learned from says other things.</summary>
    /// <exception cref="ModelNotUsableException">It is missing, unknown, or makes pictures of another size than the graph takes.</exception>
    public static ImageProcessor Read(string folder, PictureShape shape)
    {
        var path = Path.Combine(folder, ModelFolder.PictureSettings);
        if (!File.Exists(path))
        {
            throw new ModelNotUsableException(
                $"{ModelFolder.PictureSettings} is missing: nobody knows how the model's pictures are resized and normalised."
            );
        }

        var processor = Processor(folder, path);
        return processor.Size is { } made && (made.Height, made.Width) != (shape.Height, shape.Width)
            ? throw new ModelNotUsableException(
                $"{ModelFolder.PictureSettings} makes pictures of {made.Width} x {made.Height} pixels; the graph takes {shape.Width} x {shape.Height}."
            )
            : processor;
    }

    /// <summary>The size of every picture after processing; null: the file is not there, or does not tell.</summary>
    /// <exception cref="ModelNotUsableException">The processor is unknown.</exception>
    public static (int Height, int Width)? SizeOf(string folder)
    {
        var path = Path.Combine(folder, ModelFolder.PictureSettings);
        return File.Exists(path) && Processor(folder, path).Size is { } size ? (size.Height, size.Width) : null;
    }

    private static ImageProcessor Processor(string folder, string path)
    {
        PlainFiles.Require(path, PlainFiles.MaxSettingsBytes);
        try
        {
            // Older files leave their processor's class to the model's type.
            return ImageProcessor.Read(File.ReadAllText(path), JsonFields.Read(Path.Combine(folder, "config.json")).Text("model_type"));
        }
        catch (ImageProcessorException unknown)
        {
            throw new ModelNotUsableException(unknown.Message, unknown);
        }
    }
}
