using ExplainService.Methods.Saliency;
using ExplainService.Rendering.Colours;
using ExplainService.Rendering.Layout;
using ExplainService.Rendering.Scenes;
using ExplainService.Rendering.Typography;

namespace ExplainService.Rendering.Views;

/// <summary>
/// Integrated gradients: the coloured text, and below it f along the path from the baseline to the input, with the completeness error.
/// </summary>
public sealed class PathView : IView
{
    private const double Height = 200;

    /// <inheritdoc/>
    public string Name => "path";

    /// <inheritdoc/>
    public int Fit(Subject subject) =>
        subject.Explanation is SaliencyAnswer { Path.Count: > 1 } && Attribution.Of(subject) is not null ? 18 : 0;

    /// <inheritdoc/>
    public Scene Draw(Subject subject, PictureOptions options)
    {
        var answer = (SaliencyAnswer)subject.Explanation;
        var attribution = Attribution.Of(subject)!;
        var path = answer.Path!.OrderBy(point => point.Alpha).ToArray();
        var (first, last) = (path[0].Value, path[^1].Value);
        var completeness =
            $"f rises by {Numbers.Signed(last - first)} from the baseline ({Numbers.Plain(first)}) to the text ({Numbers.Plain(last)})"
            + (
                answer.CompletenessError is { } error
                    ? $"; the scores miss that by {Numbers.Plain(error)} (completeness error, {path.Length - 2} steps)."
                    : "."
            );
        var caption = Caption.Of(
            subject,
            "The text coloured by score, and f along the straight path from the baseline to the text's embeddings. " + completeness
        );
        var sheet = new Sheet(options.Width);
        sheet.Heading(caption);
        var remarks = TextView
            .DrawTexts(sheet, subject, attribution, options)
            .Concat(ColourScale.Remarks(attribution.Largest, options))
            .ToArray();
        sheet.Y += 8;
        TextView.DrawLegend(sheet, subject, attribution, options);
        sheet.Y += 14;
        DrawPath(sheet, path, options.Palette);
        sheet.Remarks(remarks.Prepend(completeness).Concat(Caption.Remarks(answer)));
        return sheet.Finish(caption, TextView.TableOf(attribution));
    }

    private static void DrawPath(Sheet sheet, IReadOnlyList<Methods.Contracts.PathPoint> path, Palette palette)
    {
        sheet.Add(new Label(sheet.Left, sheet.Y + 10, "f along the path", Sheet.Small, Tone.Faint));
        sheet.Y += 18;
        var (top, bottom) = (sheet.Y, sheet.Y + Height);
        var values = new Axis(path.Min(point => point.Value), path.Max(point => point.Value), bottom, top, room: 0.08);
        var marks = values.Marks(4).ToArray();
        var left = sheet.Left + marks.Max(mark => TextMeasure.Width(mark.Text, 11)) + 8;
        var alphas = new Axis(0, 1, left, sheet.Right - 8, room: 0);
        foreach (var (value, text) in marks)
        {
            sheet.Add(new Line(left, values.At(value), sheet.Right, values.At(value), Tone.Panel));
            sheet.Add(new Label(left - 6, values.At(value) + 4, text, 11, Tone.Faint) { Anchor = Anchor.End });
        }

        sheet.Y = bottom;
        alphas.DrawBelow(sheet, top, left, sheet.Right);
        sheet.Add(
            new Outline([.. path.Select(point => new Spot(alphas.At(point.Alpha), values.At(point.Value)))])
            {
                Stroke = palette.Weight,
                Width = 2,
            }
        );
        foreach (var point in path)
        {
            sheet.Add(
                new Box(alphas.At(point.Alpha) - 2.5, values.At(point.Value) - 2.5, 5, 5, palette.Weight)
                {
                    Radius = 2.5,
                    Tip = $"α = {Numbers.Plain(point.Alpha)}: f = {Numbers.Plain(point.Value)}",
                }
            );
        }

        sheet.Add(new Label(left, sheet.Y + 10, "α: 0 is the baseline, 1 the text", Sheet.Small, Tone.Faint));
        sheet.Y += 18;
    }
}
