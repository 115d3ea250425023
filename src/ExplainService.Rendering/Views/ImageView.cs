using ExplainService.Rendering.Layout;
using ExplainService.Rendering.Scenes;

namespace ExplainService.Rendering.Views;

/// <summary>The picture, and beside it the same in grey under a heat map of the scores of its units, the strongest with a line around them.</summary>
public sealed class ImageView : IView
{
    /// <inheritdoc/>
    public string Name => "image";

    /// <inheritdoc/>
    public int Fit(Subject subject) => PictureScores.Of(subject) is null ? 0 : 60;

    /// <inheritdoc/>
    public Scene Draw(Subject subject, PictureOptions options)
    {
        var scores = PictureScores.Of(subject)!;
        var largest = ColourScale.Of(scores.Largest, scores.Floor, options);
        var ink = new PictureInk(options.Palette, scores.IsSigned, options.Opacity);
        var outlined = scores.Outstanding();
        var caption = Caption.Of(
            subject,
            $"The picture, and the same in grey with the scores of its {scores.Picture.Units.Count} units as colours; {outlined.Count} of the strongest have a line around them."
        );
        var sheet = new Sheet(options.Width);
        sheet.Heading(caption);
        PicturePair.Draw(
            sheet,
            options,
            scores.Picture,
            plot => plot.Painted(ink, scores.Shares(largest), outlined),
            "Scores over the picture"
        );
        scores.Legend(sheet, ink, largest, subject.Explanation);
        sheet.Remarks(ColourScale.Remarks(scores.Largest, options).Concat(Caption.Remarks(subject.Explanation)));
        return sheet.Finish(caption, scores.Table());
    }
}
