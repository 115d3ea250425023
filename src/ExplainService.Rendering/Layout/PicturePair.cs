using ExplainService.Images;
using ExplainService.Images.Units;
using ExplainService.Rendering.Scenes;

namespace ExplainService.Rendering.Layout;

/// <summary>A picture as sent, and the same painted: beside it, on a narrow page below.</summary>
internal static class PicturePair
{
    /// <summary>Between pictures.</summary>
    public const double Gap = 14;

    /// <summary>The narrowest page with two side by side.</summary>
    private const int Narrowest = 560;

    private const double Tallest = 640;

    /// <summary>How many pictures stand beside each other on a page.</summary>
    public static int Columns(PictureOptions options) => options.Width >= Narrowest ? 2 : 1;

    /// <summary>Draws both.</summary>
    /// <param name="sheet">The page.</param>
    /// <param name="options">Its width.</param>
    /// <param name="picture">The picture.</param>
    /// <param name="painted">Paints the second.</param>
    /// <param name="tip">What the second shows.</param>
    public static void Draw(Sheet sheet, PictureOptions options, ExplainedPicture picture, Func<PicturePlot, RgbImage> painted, string tip)
    {
        var isWide = Columns(options) == 2;
        var plot = new PicturePlot(picture, isWide ? (sheet.Inner - Gap) / 2 : sheet.Inner, Tallest);
        sheet.Add(new Photo(sheet.Left, sheet.Y, plot.Width, plot.Height, plot.Shown, plot.IsFlat) { Tip = "The picture as sent" });
        var (x, y) = isWide ? (sheet.Left + plot.Width + Gap, sheet.Y) : (sheet.Left, sheet.Y + plot.Height + Gap);
        sheet.Add(new Photo(x, y, plot.Width, plot.Height, painted(plot), plot.IsFlat) { Tip = tip });
        sheet.Y = y + plot.Height + Gap;
    }
}
