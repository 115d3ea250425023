using ExplainService.Images;
using ExplainService.Images.Processing;

namespace ExplainService.Runtime.Folders;

/// <summary>What a folder says of how its model's pictures are processed.</summary>
internal static class PictureFiles
{
    /// <summary>Reads it, and refuses what nobody here can do: a model that is shown other pixels than it learned from says other things.</summary>
    /// <exception cref="ModelNotUsableException">It is missing, unknown, or makes pictures of another size than the graph takes.</exception>
    public static PictureSettings Read(string folder, PictureShape shape)
    {
        var path = Path.Combine(folder, ModelFolder.PictureSettings);
        if (!File.Exists(path))
        {
            throw new ModelNotUsableException(
                $"{ModelFolder.PictureSettings} is missing: nobody knows how the model's pictures are resized and normalised."
            );
        }

        var settings = Settings(folder, path);
        return SizeOf(settings) is { } made && made != (shape.Height, shape.Width)
            ? throw new ModelNotUsableException(
                $"{ModelFolder.PictureSettings} makes pictures of {made.Width} x {made.Height} pixels; the graph takes {shape.Width} x {shape.Height}."
            )
            : settings;
    }

    /// <summary>The size of every picture after processing; null: the file is not there, or does not tell.</summary>
    /// <exception cref="ModelNotUsableException">The processor is unknown.</exception>
    public static (int Height, int Width)? SizeOf(string folder)
    {
        var path = Path.Combine(folder, ModelFolder.PictureSettings);
        return File.Exists(path) ? SizeOf(Settings(folder, path)) : null;
    }

    private static PictureSettings Settings(string folder, string path)
    {
        PlainFiles.Require(path, PlainFiles.MaxSettingsBytes);
        return new PictureSettings(File.ReadAllText(path), JsonFields.Read(Path.Combine(folder, "config.json")).Text("model_type"));
    }

    private static (int Height, int Width)? SizeOf(PictureSettings settings)
    {
        try
        {
            return ImageProcessor.Read(settings.Json, settings.ModelType).Size is { } size ? (size.Height, size.Width) : null;
        }
        catch (ImageProcessorException unknown)
        {
            throw new ModelNotUsableException(unknown.Message, unknown);
        }
    }
}
