using ExplainService.Rendering.Colours;
using ExplainService.Rendering.Layout;
using ExplainService.Rendering.Scenes;
using ExplainService.Rendering.Typography;

namespace ExplainService.Rendering.Views;

/// <summary>
/// Shapley values as forces that meet at the value of the text: those that speak for the target push from the left, those against from the
/// right, the strongest nearest to the value (SHAP's force plot).
/// </summary>
public sealed class ForceView : IView
{
    private const double BarHeight = 30;
    private const double Point = 5;
    private const double NarrowestFramed = 3;

    /// <inheritdoc/>
    public string Name => "force";

    /// <inheritdoc/>
    public int Fit(Subject subject) => ShapleySum.Has(subject.Explanation) ? 12 : 0;

    /// <inheritdoc/>
    public Scene Draw(Subject subject, PictureOptions options)
    {
        var sum = ShapleySum.Of(subject, options.Top, bySign: true);
        var caption = Caption.Of(
            subject,
            $"A force plot: parts that raise the score push to the right up to the value {sum.Written.Plain(sum.Value)}, parts that lower it push back from the right; "
                + $"the base value is {sum.Written.Plain(sum.Base)}."
        );
        var sheet = new Sheet(options.Width);
        sheet.Heading(caption);

        var forward = Ordered(sum.Steps.Where(step => step.Score >= 0));
        var against = Ordered(sum.Steps.Where(step => step.Score < 0));
        var axis = new Axis(
            Math.Min(sum.Base, sum.Value - forward.Sum(step => step.Score)),
            Math.Max(sum.Base, sum.Value - against.Sum(step => step.Score)),
            sheet.Left + 10,
            sheet.Right - 10
        );

        sheet.Y += 34;
        var top = sheet.Y;
        var labels = new LabelRows(sheet, top + BarHeight, sum.Written);
        Side(sheet, labels, forward, axis, sum.Value, -1, options.Palette.For);
        Side(sheet, labels, against, axis, sum.Value, 1, options.Palette.Against);
        Mark(sheet, axis.At(sum.Value), top, "value " + sum.Written.Plain(sum.Value), bold: true, raised: 20, Anchor.Middle);
        Mark(
            sheet,
            axis.At(sum.Base),
            top,
            "base value " + sum.Written.Plain(sum.Base),
            bold: false,
            raised: 4,
            sum.Base < sum.Value ? Anchor.End : Anchor.Start
        );
        sheet.Y = labels.Draw() + 12;
        axis.DrawBelow(sheet, sheet.Y - 4, sheet.Left, sheet.Right);
        sheet.Y += 4;
        sheet.Paragraph("→ raises the score    ← lowers it", Sheet.Small, Tone.Faint);
        sheet.Remarks(labels.Remarks().Concat(Caption.Remarks(subject.Explanation)));
        return sheet.Finish(caption, TextView.TableOf(Attribution.Of(subject)!));
    }

    /// <summary>The strongest nearest to the value; what is left, however much together, behind them.</summary>
    private static SumStep[] Ordered(IEnumerable<SumStep> steps) =>
        [.. steps.OrderBy(step => step.IsRest).ThenByDescending(step => Math.Abs(step.Score))];

    private static void Side(Sheet sheet, LabelRows labels, IReadOnlyList<SumStep> steps, Axis axis, double value, int side, Tone colour)
    {
        var (upper, middle, lower) = (sheet.Y, sheet.Y + (BarHeight / 2), sheet.Y + BarHeight);
        var at = value;
        foreach (var step in steps)
        {
            var (near, far) = (axis.At(at), axis.At(at + (side * Math.Abs(step.Score))));

            // Every piece points to the value, its back open for the point of the next one.
            var point = -side * Point;
            sheet.Add(
                new Outline([
                    new Spot(far - point, upper),
                    new Spot(near - point, upper),
                    new Spot(near, middle),
                    new Spot(near - point, lower),
                    new Spot(far - point, lower),
                    new Spot(far, middle),
                ])
                {
                    Fill = colour,

                    // Between pieces as narrow as their border there would be nothing but borders.
                    Stroke = Math.Abs(far - near) > NarrowestFramed ? Tone.Page : null,
                    Tip = step.Tip,
                }
            );
            labels.Add(((near + far) / 2) - point, step, colour);
            at += side * Math.Abs(step.Score);
        }
    }

    private static void Mark(Sheet sheet, double x, double top, string text, bool bold, double raised, Anchor anchor)
    {
        sheet.Add(new Line(x, top - raised + 2, x, top + BarHeight + 4, Tone.Ink) { Dashed = !bold, Width = bold ? 1.6 : 1 });
        var width = TextMeasure.Width(text, Sheet.Text, bold);
        var left = Math.Clamp(
            anchor == Anchor.Middle ? x - (width / 2)
                : anchor == Anchor.End ? x - width + 4
                : x - 4,
            sheet.Left,
            sheet.Right - width
        );
        sheet.Add(new Label(left, top - raised - 2, text, Sheet.Text, Tone.Ink) { Bold = bold });
    }

    /// <summary>Names below the bar, in rows where they do not overlap; strongest first, and left out where there is no room.</summary>
    private sealed class LabelRows(Sheet sheet, double barBottom, NumberScale written)
    {
        private const int MaxRows = 4;
        private const double RowHeight = 20;
        private const double FirstBaseline = 22;
        private readonly List<(double Left, double Right)>[] rows =
        [
            .. Enumerable.Range(0, MaxRows).Select(_ => new List<(double, double)>()),
        ];
        private readonly List<Element> leaders = [];
        private readonly List<Element> names = [];
        private double bottom;
        private int unnamed;

        /// <summary>Finds room for a name.</summary>
        public void Add(double x, SumStep step, Tone colour)
        {
            var text = $"{VisibleText.Fit(step.Name, 120, Sheet.Small)} {written.Signed(step.Score)}";
            var half = (TextMeasure.Width(text, Sheet.Small) / 2) + 4;
            var centre = Math.Clamp(x, sheet.Left + half, sheet.Right - half);
            var row = Array.FindIndex(rows, taken => taken.TrueForAll(other => centre + half < other.Left || centre - half > other.Right));
            if (row < 0)
            {
                unnamed++;
                return;
            }

            rows[row].Add((centre - half, centre + half));
            var baseline = barBottom + FirstBaseline + (row * RowHeight);
            leaders.Add(new Line(x, barBottom + 2, centre, baseline - 11, colour) { Opacity = 0.7 });

            // On a ground of its own, so that the lines to lower rows pass behind it.
            names.Add(
                new Group([
                    new Box(centre - half, baseline - 12, 2 * half, 16, Tone.Page),
                    new Label(centre, baseline, text, Sheet.Small, Tone.Ink) { Anchor = Anchor.Middle },
                ])
                {
                    Tip = step.Tip,
                }
            );
            bottom = Math.Max(bottom, baseline + 4);
        }

        /// <summary>Says how many parts are drawn without their names.</summary>
        public IEnumerable<string> Remarks() =>
            unnamed == 0
                ? []
                :
                [
                    FormattableString.Invariant(
                        $"{unnamed} {(unnamed == 1 ? "part has" : "parts have")} no room for a name; a wider picture, or one of fewer parts (top), shows more, the waterfall all."
                    ),
                ];

        /// <summary>Draws them all.</summary>
        /// <returns>Where they end.</returns>
        public double Draw()
        {
            foreach (var element in leaders.Concat(names))
            {
                sheet.Add(element);
            }

            return Math.Max(bottom, barBottom);
        }
    }
}
