using ExplainService.Rendering.Colours;
using ExplainService.Rendering.Layout;
using ExplainService.Rendering.Scenes;
using ExplainService.Rendering.Typography;

namespace ExplainService.Rendering.Views;

/// <summary>
/// Several attributions of one text below each other, so that the same words stand in the same places; each on its own scale, since methods
/// measure in different units.
/// </summary>
public static class ComparisonView
{
    /// <summary>Draws them in the order given.</summary>
    /// <param name="subjects">Answers about the same text; those without scores are named as such.</param>
    /// <param name="options">How.</param>
    public static Scene Draw(IReadOnlyList<Subject> subjects, PictureOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfZero(subjects.Count);
        var caption = Caption.Of(
            subjects[0],
            "The same text once for each of "
                + string.Join(", ", subjects.Select(Caption.MethodName))
                + "; each is coloured by its own largest score.",
            FormattableString.Invariant($"{subjects.Count} explanations of one text")
        );
        var sheet = new Sheet(options.Width);
        sheet.Heading(caption);
        var rows = new List<IReadOnlyList<string>>();
        foreach (var subject in subjects)
        {
            sheet.Paragraph(Caption.MethodName(subject), 14, Tone.Ink, bold: true);
            if (Attribution.Of(subject) is not { } attribution)
            {
                sheet.Paragraph("has no scores of parts of the text", Sheet.Small, Tone.Faint);
                continue;
            }

            var scale = attribution.IsSigned ? "±" + Numbers.Plain(attribution.Largest) : "0 to " + Numbers.Plain(attribution.Largest);
            sheet.Paragraph("scale " + scale, Sheet.Small, Tone.Faint);
            sheet.Y += 4;
            var remarks = TextView.DrawTexts(sheet, subject, attribution, options.Palette).ToArray();
            sheet.Remarks(remarks.Concat(Caption.Remarks(subject.Explanation)));
            sheet.Y += 6;
            rows.AddRange(
                attribution.Parts.Select(part =>
                    (IReadOnlyList<string>)
                        [Caption.MethodName(subject), Typography.VisibleText.OneLine(part.Text), Numbers.Full(part.Score)]
                )
            );
        }

        return sheet.Finish(caption, new NumberTable(["method", "part", "score"], rows));
    }
}
