using ExplainService.Rendering.Colours;
using ExplainService.Rendering.Scenes;
using ExplainService.Rendering.Typography;

namespace ExplainService.Rendering.Layout;

/// <summary>The scale that colours are read by.</summary>
internal static class Legend
{
    private const int Steps = 64;
    private const double BarWidth = 220;
    private const double BarHeight = 10;

    /// <summary>From the strongest speaking against to the strongest speaking for.</summary>
    public static void Signed(Sheet sheet, Palette palette, double largest) =>
        Bar(
            sheet,
            share => palette.Signed((2 * share) - 1),
            [(0, NumberScale.Of(largest).Signed(-largest)), (0.5, "0"), (1, NumberScale.Of(largest).Signed(largest))]
        );

    /// <summary>The same for cells, which have no room for lines: what a sign means stands beside the scale.</summary>
    public static void Signed(Sheet sheet, Palette palette, double largest, (string For, string Against) verbs)
    {
        Signed(sheet, palette, largest);
        var text = $"+ {verbs.For}   − {verbs.Against}";
        var beside = BarWidth + 24 + TextMeasure.Width(text, Sheet.Small) < sheet.Inner;
        sheet.Y += beside ? 0 : 16;
        sheet.Add(
            new Label(beside ? sheet.Left + BarWidth + 24 : sheet.Left + 2, sheet.Y - (beside ? 20 : 4), text, Sheet.Small, Tone.Faint)
        );
    }

    /// <summary>The same for text, where lines below the words say the sign without colours.</summary>
    public static void Underlined(Sheet sheet, Palette palette, double largest, (string For, string Against) verbs)
    {
        Signed(sheet, palette, largest);
        var beside = sheet.Left + BarWidth + 330 < sheet.Right;
        var x = beside ? sheet.Left + BarWidth + 46 : sheet.Left;
        sheet.Y += beside ? 0 : 16;
        var y = sheet.Y - 4;
        sheet.Add(new Box(x, y - 11, 22, 3, palette.For));
        sheet.Add(new Label(x + 28, y - 6, verbs.For, Sheet.Small, Tone.Faint));
        x += 28 + TextMeasure.Width(verbs.For, Sheet.Small) + 20;
        Dashes(sheet, x, y - 11, 22, palette.Against);
        sheet.Add(new Label(x + 28, y - 6, verbs.Against + " (dashed)", Sheet.Small, Tone.Faint));
    }

    /// <summary>From 0 to the largest.</summary>
    /// <param name="sheet">Where it goes.</param>
    /// <param name="palette">The colours.</param>
    /// <param name="largest">Value of the strongest colour.</param>
    /// <param name="place">Where on the scale a share of the largest value stands.</param>
    public static void Strength(Sheet sheet, Palette palette, double largest, Func<double, double>? place = null)
    {
        place ??= share => share;
        Bar(
            sheet,
            palette.Strength,
            [.. ((double[])[0, 0.25, 1]).Select(share => (place(share), NumberScale.Of(largest).Plain(share * largest)))]
        );
    }

    /// <summary>Of colours that lie over a picture, which are the same on every page.</summary>
    /// <param name="sheet">Where it goes.</param>
    /// <param name="ink">The colours.</param>
    /// <param name="largest">Value of the strongest colour.</param>
    /// <param name="place">Where on the scale a share of the largest value stands, of what has no sign.</param>
    public static void OverPicture(Sheet sheet, PictureInk ink, double largest, Func<double, double>? place = null)
    {
        place ??= share => share;
        var numbers = NumberScale.Of(largest);
        Bar(
            sheet,
            share => ink.OnGrey(ink.IsSigned ? (2 * share) - 1 : share),
            ink.IsSigned
                ? [(0, numbers.Signed(-largest)), (0.5, "0"), (1, numbers.Signed(largest))]
                : [.. ((double[])[0, 0.25, 1]).Select(share => (place(share), numbers.Plain(share * largest)))]
        );
    }

    /// <summary>A dashed rule of boxes, which every form draws alike.</summary>
    public static void Dashes(Sheet sheet, double x, double y, double width, Tone tone)
    {
        for (var at = 0.0; at < width; at += 6)
        {
            sheet.Add(new Box(x + at, y, Math.Min(3.5, width - at), 3, tone));
        }
    }

    private static void Bar(Sheet sheet, Func<double, Tone> colour, IReadOnlyList<(double Place, string Text)> marks)
    {
        var levels = Enumerable.Range(0, Steps).Select(step => (byte)step).ToArray();
        var tones = levels.Select(step => colour(step / (double)(Steps - 1))).ToArray();
        var x = sheet.Left + 2;
        sheet.Add(new Raster(x, sheet.Y, BarWidth, BarHeight, Steps, levels, tones));
        foreach (var (place, text) in marks)
        {
            var at = x + (place * BarWidth);
            sheet.Add(new Line(at, sheet.Y + BarHeight, at, sheet.Y + BarHeight + 4, Tone.Faint));
            sheet.Add(
                new Label(at, sheet.Y + BarHeight + 16, text, 11, Tone.Faint)
                {
                    Anchor =
                        place == 0 ? Anchor.Start
                        : place >= 1 ? Anchor.End
                        : Anchor.Middle,
                }
            );
        }

        sheet.Y += BarHeight + 20;
    }
}
