using System.Text;
using ExplainService.Methods.Counterfactuals;
using ExplainService.Rendering.Colours;
using ExplainService.Rendering.Layout;
using ExplainService.Rendering.Scenes;
using ExplainService.Rendering.Typography;

namespace ExplainService.Rendering.Views;

/// <summary>The text with what is taken out of it struck through and what is put in marked, and what the model says of it then.</summary>
public sealed class CounterfactualView : IView
{
    /// <summary>How strong the grounds of changes are beside the strongest of a score.</summary>
    private const double Ground = 0.35;

    /// <inheritdoc/>
    public string Name => "counterfactual";

    /// <inheritdoc/>
    public int Fit(Subject subject) => subject.Explanation is CounterfactualAnswer ? 30 : 0;

    /// <inheritdoc/>
    public Scene Draw(Subject subject, PictureOptions options)
    {
        var answer = (CounterfactualAnswer)subject.Explanation;
        var length = Math.Max(1, subject.Text.Length + (subject.Pair?.Length ?? 0));
        var found = answer.Counterfactuals;
        var drawn = found.Take(Math.Clamp(Passage.MaxCharacters / length, 1, options.Top)).ToArray();
        var caption = Caption.Of(
            subject,
            drawn.Length == 0
                ? "The text as it is: no change was found."
                : $"The text once for each of {drawn.Length} changes: what is taken out is struck through, what is put in is underlined.",
            answer.Title
        );
        var sheet = new Sheet(options.Width);
        sheet.Heading(caption);
        var before = Caption.Said(answer.Prediction);
        var left = 0;
        foreach (var change in drawn)
        {
            sheet.Paragraph(
                (before is null ? "" : before + " → ") + (Caption.Said(change.Prediction) ?? "another prediction"),
                14,
                Tone.Ink,
                bold: true
            );
            sheet.Y += 5;
            left = DrawTexts(sheet, subject, change.Edits, options.Palette);
            sheet.Paragraph(
                change.Edits.Count == 1
                    ? "1 change"
                    : FormattableString.Invariant($"{change.Edits.Count} changes")
                        + (change.Minimal ? ", none of which can be spared" : ""),
                Sheet.Small,
                Tone.Faint
            );
            sheet.Y += 12;
        }

        if (drawn.Length == 0)
        {
            left = DrawTexts(sheet, subject, [], options.Palette);
        }

        sheet.Remarks(
            ((IEnumerable<string>)(left > 0 ? [FormattableString.Invariant($"The last {left} characters of the text are not drawn.")] : []))
                .Concat(
                    found.Count > drawn.Length ? [FormattableString.Invariant($"{found.Count - drawn.Length} more are not drawn.")] : []
                )
                .Concat(Caption.Remarks(answer))
        );
        return sheet.Finish(caption, TableOf(found));
    }

    /// <returns>How many characters at the ends were left out.</returns>
    private static int DrawTexts(Sheet sheet, Subject subject, IReadOnlyList<EditAnswer> edits, Palette palette)
    {
        var left = 0;
        foreach (var (text, where) in (IEnumerable<(string?, string?)>)[(subject.Text, null), (subject.Pair, "pair")])
        {
            if (text is not null)
            {
                var (whole, parts) = Merged(subject, text, where, edits, palette);
                left += Passage.Draw(sheet, whole, parts, palette);
            }
        }

        return left;
    }

    /// <summary>The text with what is put in behind what is taken out.</summary>
    private static (string Text, List<PassagePart> Parts) Merged(
        Subject subject,
        string text,
        string? where,
        IReadOnlyList<EditAnswer> edits,
        Palette palette
    )
    {
        var (offsets, merged, parts, at) = (new TextOffsets(subject), new StringBuilder(), new List<PassagePart>(), 0);
        foreach (var edit in edits.Where(edit => edit.In == where))
        {
            var (start, end) = (Math.Max(at, offsets.Of(where, edit.Start)), offsets.Of(where, edit.End));
            merged.Append(text, at, start - at);
            var from = merged.Length;
            merged.Append(text, start, Math.Max(0, end - start));
            if (merged.Length > from)
            {
                parts.Add(
                    new PassagePart(from, merged.Length, palette.Signed(-Ground), 0, "taken out: " + VisibleText.OneLine(edit.From))
                    {
                        Struck = true,
                    }
                );
            }

            if (edit.To.Length > 0)
            {
                // Both can be told apart where they are one word.
                merged.Append(merged.Length > from && !char.IsWhiteSpace(merged[^1]) && !char.IsWhiteSpace(edit.To[0]) ? " " : "");
                parts.Add(
                    new PassagePart(
                        merged.Length,
                        merged.Length + edit.To.Length,
                        palette.Signed(Ground),
                        1,
                        "put in: " + VisibleText.OneLine(edit.To)
                    )
                );
                merged.Append(edit.To);
            }

            at = Math.Max(start, end);
        }

        merged.Append(text, at, text.Length - at);
        return (merged.ToString(), parts);
    }

    private static NumberTable TableOf(IReadOnlyList<CounterfactualTextAnswer> found) =>
        new(
            ["change", "prediction", "start", "end", "taken out", "put in"],
            [
                .. found.SelectMany(
                    (change, place) =>
                        change.Edits.Select(edit =>
                            (IReadOnlyList<string>)
                                [
                                    Numbers.Count(place + 1),
                                    Caption.Said(change.Prediction) ?? "",
                                    Numbers.Count(edit.Start),
                                    Numbers.Count(edit.End),
                                    VisibleText.OneLine(edit.From),
                                    VisibleText.OneLine(edit.To),
                                ]
                        )
                ),
            ]
        );
}
