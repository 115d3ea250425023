using ExplainService.Images.Processing;

namespace ExplainService.Images.Units;

/// <summary>A picture and the units that an answer scores, for drawing: what answers do not repeat.</summary>
/// <param name="Image">Upright, as sent or smaller.</param>
/// <param name="Map">Where the pixels that the model saw lie in the picture as sent.</param>
/// <param name="Units">The units that have scores, by number: those of the answer, whose <c>start</c> is that number.</param>
public sealed record ExplainedPicture(RgbImage Image, PictureMap Map, ImageUnits Units)
{
    /// <summary>The longer side that pictures of pictures have a use for.</summary>
    private const int LongestShown = 2048;

    /// <summary>With a copy of the picture that is large enough to be drawn, so that no more is kept of a large one.</summary>
    public static ExplainedPicture Of(RgbImage image, PictureMap map, ImageUnits units)
    {
        var longest = Math.Max(image.Width, image.Height);
        var (width, height) = (Fit(image.Width), Fit(image.Height));
        return new(longest <= LongestShown ? image : Rescaling.To(image, width, height, ResampleFilter.Bilinear), map, units);

        int Fit(int side) => Math.Max((int)((long)side * LongestShown / longest), 1);
    }
}
