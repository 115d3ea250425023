using ExplainService.Rendering.Colours;
using ExplainService.Rendering.Layout;
using ExplainService.Rendering.Scenes;
using ExplainService.Rendering.Typography;

namespace ExplainService.Rendering.Views;

/// <summary>The text itself, exactly as sent, coloured by score.</summary>
public sealed class TextView : IView
{
    /// <inheritdoc/>
    public string Name => "text";

    /// <inheritdoc/>
    public int Fit(Subject subject) => subject.Picture is not null || Attribution.Of(subject) is null ? 0 : 20;

    /// <inheritdoc/>
    public Scene Draw(Subject subject, PictureOptions options)
    {
        var levels = Attribution.Levels(subject);
        var attribution = levels[0];
        var sheet = new Sheet(options.Width);
        var caption = Caption.Of(
            subject,
            "The text, each part coloured by its score"
                + (
                    !attribution.IsSigned ? "."
                    : Caption.IsRegression(subject.Explanation)
                        ? $": underlined where it raises the {Caption.ValueName(subject.Explanation)}, underlined with dashes where it lowers it."
                    : ": underlined where it speaks for the target, underlined with dashes where against."
                )
        );
        sheet.Heading(caption);
        var remarks = new List<string>();
        foreach (var (depth, level) in levels.Index())
        {
            if (levels.Count > 1)
            {
                sheet.Paragraph(
                    subject.Levels.ElementAtOrDefault(depth) is var size && depth < subject.Levels.Count
                        ? $"By {size.ToString().ToLowerInvariant()}"
                        : $"Level {depth + 1}",
                    14,
                    Tone.Ink,
                    bold: true
                );
                sheet.Y += 6;
            }

            remarks = [.. DrawTexts(sheet, subject, level, options).Concat(ColourScale.Remarks(level.Largest, options))];
            sheet.Y += 10;
            DrawLegend(sheet, subject, level, options);
            sheet.Y += 8;
        }

        sheet.Y -= 8;
        sheet.Remarks(remarks.Concat(Caption.Remarks(subject.Explanation)));
        return sheet.Finish(caption, TableOf(attribution with { Parts = [.. levels.SelectMany(level => level.Parts)] }));
    }

    /// <summary>Says how many characters of a text are not drawn.</summary>
    internal static IEnumerable<string> LeftOut(int characters, bool inPair) =>
        characters == 0
            ? []
            : [FormattableString.Invariant($"The last {characters} characters of the {(inPair ? "second " : "")}text are not drawn.")];

    /// <summary>Draws the texts of a subject with the scores of an attribution.</summary>
    /// <returns>What was left out.</returns>
    internal static IEnumerable<string> DrawTexts(Sheet sheet, Subject subject, Attribution attribution, PictureOptions options)
    {
        var (palette, scale) = (options.Palette, attribution.Scale(options));
        var remarks = new List<string>();
        foreach (var (text, inPair) in (IEnumerable<(string?, bool)>)[(subject.Text, false), (subject.Pair, true)])
        {
            if (text is null)
            {
                continue;
            }

            sheet.Y += inPair ? 8 : 0;
            var left = Passage.Draw(
                sheet,
                text,
                [.. attribution.Parts.Where(part => part.InPair == inPair).OrderBy(part => part.Start).Select(Shown)],
                palette
            );
            remarks.AddRange(LeftOut(left, inPair));
        }

        return remarks;

        PassagePart Shown(ScoredPart part)
        {
            var share = part.Score / scale;
            var sign = attribution.IsSigned && Math.Abs(share) >= 0.05 ? Math.Sign(share) : 0;
            return new PassagePart(
                part.Start,
                part.End,
                attribution.IsSigned ? palette.Signed(share) : palette.Strength(share),
                sign,
                part.Tip
            );
        }
    }

    /// <summary>Draws what the colours mean.</summary>
    internal static void DrawLegend(Sheet sheet, Subject subject, Attribution attribution, PictureOptions options)
    {
        if (attribution.IsSigned)
        {
            Legend.Underlined(sheet, options.Palette, attribution.Scale(options), Caption.Verbs(subject.Explanation));
        }
        else
        {
            Legend.Strength(sheet, options.Palette, attribution.Scale(options));
        }
    }

    /// <summary>The numbers of an attribution.</summary>
    internal static NumberTable TableOf(Attribution attribution)
    {
        var sampled = attribution.Parts.Any(part => part.StandardError is not null);
        string[] columns = ["part", "start", "end", "score"];
        return new NumberTable(
            sampled ? [.. columns, "standard error"] : columns,
            [
                .. attribution.Parts.Select(part =>
                    (IReadOnlyList<string>)
                        [
                            Typography.VisibleText.OneLine(part.Text),
                            Numbers.Count(part.Start),
                            Numbers.Count(part.End),
                            Numbers.Full(part.Score),
                            .. sampled ? (string[])[part.StandardError is { } error ? Numbers.Full(error) : ""] : [],
                        ]
                ),
            ]
        );
    }
}
