using ExplainService.Rendering.Colours;
using ExplainService.Rendering.Scenes;
using ExplainService.Rendering.Typography;

namespace ExplainService.Rendering.Layout;

/// <summary>Scores as bars from a common zero, one a row, with standard errors where they were sampled.</summary>
internal static class BarRows
{
    private const double RowHeight = 24;

    /// <summary>Draws them in their order, and moves below them.</summary>
    /// <param name="sheet">Where they go.</param>
    /// <param name="parts">What is scored, at least one.</param>
    /// <param name="isSigned">Whether scores may be below zero.</param>
    /// <param name="floor">What the longest bar stands for at least.</param>
    /// <param name="options">The scale and the colours.</param>
    public static void Draw(Sheet sheet, IReadOnlyList<ScoredPart> parts, bool isSigned, double floor, PictureOptions options)
    {
        var written = NumberScale.Of(options.Scale ?? parts.Max(part => Math.Abs(part.Score)));
        var names = Math.Min(sheet.Inner * 0.34, parts.Max(part => TextMeasure.Width(VisibleText.OneLine(part.Text), Sheet.Text)) + 2);

        // On a given scale bars of one length are of one score, in every picture.
        var numbers =
            (options.Scale is { } end ? [-end] : parts.Select(part => part.Score)).Max(score =>
                TextMeasure.Width(written.Signed(score), Sheet.Text)
            ) + 14;
        var (least, most) = (
            parts.Min(part => Math.Min(0, part.Score - (part.StandardError ?? 0))),
            parts.Max(part => Math.Max(0, part.Score + (part.StandardError ?? 0)))
        );
        if (options.Scale is { } asked)
        {
            (least, most) = (isSigned ? -asked : 0, asked);
        }

        var left = sheet.Left + names + 12 + (least < 0 ? numbers : 0);
        var scale = (sheet.Right - numbers - left) / (Math.Max(most - least, floor) is > 0 and var span ? span : 1);
        var zero = left - (least * scale);
        var top = sheet.Y;
        foreach (var part in parts)
        {
            DrawBar(sheet, part, written, names, zero, (least * scale, most * scale), scale, isSigned, options.Palette);
        }

        sheet.Add(new Line(zero, top - 4, zero, sheet.Y, Tone.Faint));
    }

    private static void DrawBar(
        Sheet sheet,
        ScoredPart part,
        NumberScale written,
        double names,
        double zero,
        (double Least, double Most) ends,
        double scale,
        bool signed,
        Palette palette
    )
    {
        var y = sheet.Y + 3;
        var baseline = y + 13.5;
        var length = Math.Clamp(part.Score * scale, ends.Least, ends.Most);
        var colour =
            !signed ? palette.Weight
            : part.Score < 0 ? palette.Against
            : palette.For;
        var room = part.Score < 0 ? length - ends.Least : ends.Most - length;
        var error = Math.Min((part.StandardError ?? 0) * scale, room);
        var name = VisibleText.Fit(part.Text, names, Sheet.Text);
        var bar = new List<Element>
        {
            new Label(sheet.Left + names, baseline, name, Sheet.Text, Tone.Ink) { Anchor = Anchor.End },
            new Box(Math.Min(zero, zero + length), y, Math.Max(Math.Abs(length), 0.5), RowHeight - 6, colour) { Radius = 1.5 },
        };
        if (error > 0)
        {
            var (end, middle) = (zero + length, y + ((RowHeight - 6) / 2));
            bar.Add(new Line(end - error, middle, end + error, middle, Tone.Ink) { Width = 1.4 });
            bar.Add(new Line(end - error, middle - 4, end - error, middle + 4, Tone.Ink) { Width = 1.4 });
            bar.Add(new Line(end + error, middle - 4, end + error, middle + 4, Tone.Ink) { Width = 1.4 });
        }

        var number = new Label(
            zero + length + (part.Score < 0 ? -error - 7 : error + 7),
            baseline,
            signed ? written.Signed(part.Score) : written.Plain(part.Score),
            Sheet.Text,
            Tone.Ink
        )
        {
            Anchor = part.Score < 0 ? Anchor.End : Anchor.Start,
        };
        bar.Add(number);
        sheet.Add(new Group(bar) { Tip = part.Tip });
        sheet.Y += RowHeight;
    }
}
