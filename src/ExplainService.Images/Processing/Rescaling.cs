namespace ExplainService.Images.Processing;

/// <summary>Pictures in another size, for people to look at.</summary>
public static class Rescaling
{
    /// <summary>By Pillow's filters.</summary>
    public static RgbImage To(RgbImage image, int width, int height, ResampleFilter filter) =>
        new(width, height, PillowResize.Resize(image, width, height, filter, new Window(0, 0, width, height)));
}
