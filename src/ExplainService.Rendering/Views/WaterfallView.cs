using ExplainService.Rendering.Colours;
using ExplainService.Rendering.Layout;
using ExplainService.Rendering.Scenes;
using ExplainService.Rendering.Typography;

namespace ExplainService.Rendering.Views;

/// <summary>Shapley values as steps from the base value (bottom) to the value of the text (top), as SHAP draws them.</summary>
public sealed class WaterfallView : IView
{
    private const double RowHeight = 28;
    private const double BarHeight = 20;
    private const double Tip = 7;

    /// <inheritdoc/>
    public string Name => "waterfall";

    /// <inheritdoc/>
    public int Fit(Subject subject) => ShapleySum.Has(subject.Explanation) ? 30 : 0;

    /// <inheritdoc/>
    public Scene Draw(Subject subject, PictureOptions options)
    {
        var sum = ShapleySum.Of(subject, options.Top, bySign: false);
        var caption = Caption.Of(
            subject,
            $"A waterfall of {sum.Steps.Count} steps, from the base value {sum.Written.Plain(sum.Base)} at the bottom to the value {sum.Written.Plain(sum.Value)} at the top; "
                + "arrows to the right raise it, arrows to the left lower it."
        );
        var sheet = new Sheet(options.Width);
        sheet.Heading(caption);

        var names = Math.Min(sheet.Inner * 0.3, sum.Steps.Max(step => TextMeasure.Width(VisibleText.OneLine(step.Name), Sheet.Text)) + 2);
        var (ends, left) = (Running(sum), sheet.Left + names + 12);
        var room = sum.Steps.Max(step => TextMeasure.Width(sum.Written.Signed(step.Score), Sheet.Text)) + 10;
        var axis = new Axis(ends.Min(), ends.Max(), left + room, sheet.Right - room, room: 0.01);

        sheet.Y += 18;
        var top = sheet.Y;
        var bottom = top + (sum.Steps.Count * RowHeight);
        foreach (var (mark, _) in axis.Marks(Axis.HowMany(sheet.Right - left)))
        {
            sheet.Add(new Line(axis.At(mark), top, axis.At(mark), bottom + 6, Tone.Panel));
        }

        Ending(sheet, axis, sum.Value, top - 8, "value " + sum.Written.Plain(sum.Value), top, top + RowHeight);
        for (var step = 0; step < sum.Steps.Count; step++)
        {
            DrawStep(sheet, sum.Steps[step], sum.Written, axis, ends[step + 1], ends[step], names, options.Palette);
            if (step + 1 < sum.Steps.Count)
            {
                sheet.Add(
                    new Line(
                        axis.At(ends[step + 1]),
                        sheet.Y - ((RowHeight - BarHeight) / 2),
                        axis.At(ends[step + 1]),
                        sheet.Y + ((RowHeight - BarHeight) / 2),
                        Tone.Faint
                    )
                );
            }
        }

        sheet.Y += 6;
        axis.DrawBelow(sheet, bottom, left, sheet.Right);
        Ending(sheet, axis, sum.Base, sheet.Y + 12, "base value " + sum.Written.Plain(sum.Base), bottom - RowHeight, bottom + 6);
        sheet.Y += 20;
        sheet.Remarks(Caption.Remarks(subject.Explanation));
        return sheet.Finish(caption, TextView.TableOf(Attribution.Of(subject)!));
    }

    /// <summary>Values between the steps, from the top.</summary>
    private static double[] Running(ShapleySum sum)
    {
        var ends = new double[sum.Steps.Count + 1];
        ends[0] = sum.Value;
        for (var step = 0; step < sum.Steps.Count; step++)
        {
            ends[step + 1] = ends[step] - sum.Steps[step].Score;
        }

        return ends;
    }

    private static void Ending(Sheet sheet, Axis axis, double value, double baseline, string text, double top, double bottom)
    {
        sheet.Add(new Line(axis.At(value), top, axis.At(value), bottom, Tone.Faint) { Dashed = true });
        var half = TextMeasure.Width(text, Sheet.Text, bold: true) / 2;
        var x = Math.Clamp(axis.At(value), sheet.Left + half, sheet.Right - half);
        sheet.Add(new Label(x, baseline, text, Sheet.Text, Tone.Ink) { Anchor = Anchor.Middle, Bold = true });
    }

    private static void DrawStep(
        Sheet sheet,
        SumStep step,
        NumberScale written,
        Axis axis,
        double from,
        double to,
        double names,
        Palette palette
    )
    {
        var (start, end) = (axis.At(from), axis.At(to));
        var (upper, lower) = (sheet.Y + ((RowHeight - BarHeight) / 2), sheet.Y + ((RowHeight + BarHeight) / 2));
        var (middle, colour) = ((upper + lower) / 2, step.Score < 0 ? palette.Against : palette.For);
        var text = written.Signed(step.Score);
        var width = TextMeasure.Width(text, Sheet.Text);
        var inside = Math.Abs(end - start) > width + (2 * Tip) + 6;
        var point = Math.Sign(end - start) * Math.Min(Tip, Math.Abs(end - start));
        List<Element> drawn =
        [
            new Label(sheet.Left + names, middle + 4.5, VisibleText.Fit(step.Name, names, Sheet.Text), Sheet.Text, Tone.Ink)
            {
                Anchor = Anchor.End,
            },
            new Outline([
                new Spot(start, upper),
                new Spot(end - point, upper),
                new Spot(end, middle),
                new Spot(end - point, lower),
                new Spot(start, lower),
            ])
            {
                Fill = colour,
            },
            inside
                ? new Label((start + end - (point / 2)) / 2, middle + 4.5, text, Sheet.Text, colour.InkOn()) { Anchor = Anchor.Middle }
                : new Label(step.Score < 0 ? end - 6 : end + 6, middle + 4.5, text, Sheet.Text, Tone.Ink)
                {
                    Anchor = step.Score < 0 ? Anchor.End : Anchor.Start,
                },
        ];
        sheet.Add(new Group(drawn) { Tip = step.Tip });
        sheet.Y += RowHeight;
    }
}
