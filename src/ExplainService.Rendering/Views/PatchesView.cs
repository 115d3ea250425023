using System.Globalization;
using ExplainService.Images;
using ExplainService.Rendering.Layout;
using ExplainService.Rendering.Scenes;
using ExplainService.Rendering.Typography;

namespace ExplainService.Rendering.Views;

/// <summary>The units of a picture with their scores as numbers; where they are too small for that, the strongest with their ranks.</summary>
public sealed class PatchesView : IView
{
    private const double Tallest = 900;
    private const double NumberSize = 11;
    private const double RankSize = 10;

    /// <inheritdoc/>
    public string Name => "patches";

    /// <inheritdoc/>
    public int Fit(Subject subject) => PictureScores.Of(subject) is null ? 0 : 50;

    /// <inheritdoc/>
    public Scene Draw(Subject subject, PictureOptions options)
    {
        var scores = PictureScores.Of(subject)!;
        var largest = ColourScale.Of(scores.Largest, scores.Floor, options);
        var ink = new PictureInk(options.Palette, scores.IsSigned, options.Opacity);
        var sheet = new Sheet(options.Width);
        var plot = new PicturePlot(scores.Picture, sheet.Inner, Tallest);

        // Units beyond the picture's edge have no place in it.
        IReadOnlyList<int> ranked = [.. scores.Ranked().Where(unit => plot.Place(unit) is { Width: > 0, Height: > 0 })];
        var format = NumberScale.Of(scores.Largest);
        string Text(int unit) => scores.IsSigned ? format.Signed(scores.Scores[unit]) : format.Plain(scores.Scores[unit]);
        var widest = ranked.Select(unit => TextMeasure.Width(Text(unit), NumberSize)).DefaultIfEmpty(0).Max();
        var numbers = ranked.All(unit => plot.Place(unit) is var place && place.Width >= widest + 4 && place.Height >= NumberSize + 4);
        var named = numbers ? ranked : [.. ranked.Take(options.Top)];
        var caption = Caption.Of(
            subject,
            $"The picture in grey with the scores of its {scores.Picture.Units.Count} units as colours, "
                + (
                    numbers
                        ? "each with a line around it and its score written on it."
                        : $"and the {named.Count} strongest with their ranks."
                )
        );
        sheet.Heading(caption);
        var painted = plot.Painted(ink, scores.Shares(largest), Enumerable.Range(0, numbers ? scores.Scores.Count : 0).ToHashSet());
        sheet.Add(new Photo(sheet.Left, sheet.Y, plot.Width, plot.Height, painted, plot.IsFlat));
        var middles = plot.Middles();
        for (var rank = 0; rank < named.Count; rank++)
        {
            var text = numbers ? Text(named[rank]) : (rank + 1).ToString(CultureInfo.InvariantCulture);
            Write(sheet, text, numbers ? NumberSize : RankSize, middles[named[rank]], painted);
        }

        sheet.Y += plot.Height + 14;
        scores.Legend(sheet, ink, largest, subject.Explanation);
        sheet.Remarks(ColourScale.Remarks(scores.Largest, options).Concat(Caption.Remarks(subject.Explanation)));
        return sheet.Finish(caption, scores.Table());
    }

    /// <summary>On a plate of the colours' own mean, so that it can be read over whatever the picture shows.</summary>
    private static void Write(Sheet sheet, string text, double size, Spot spot, RgbImage painted)
    {
        var (width, height) = (TextMeasure.Width(text, size) + 4, size + 4);
        var ground = PicturePlot.MeanOf(painted, (spot.X - (width / 2), spot.Y - (height / 2), width, height));
        var (x, y) = (sheet.Left + spot.X, sheet.Y + spot.Y);
        sheet.Add(new Box(x - (width / 2), y - (height / 2), width, height, ground) { Radius = 2 });
        sheet.Add(new Label(x, y + (size * 0.36), text, size, ground.InkOn()) { Anchor = Anchor.Middle });
    }
}
