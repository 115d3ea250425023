using System.Text;
using ExplainService.Methods.Counterfactuals;
using ExplainService.Rendering.Colours;
using ExplainService.Rendering.Layout;
using ExplainService.Rendering.Scenes;
using ExplainService.Rendering.Typography;

namespace ExplainService.Rendering.Views;

/// <summary>Counterfactuals as an editor marks them: what goes is struck through, what comes is underlined behind it.</summary>
public sealed class EditsView : IView
{
    // Narrow enough to be read as the gap between the old word and the new.
    private const char Gap = '\u2009';

    private const double Faintness = 0.35;

    /// <inheritdoc/>
    public string Name => "edits";

    /// <inheritdoc/>
    public int Fit(Subject subject) => subject is { Picture: null, Explanation: CounterfactualAnswer } ? 30 : 0;

    /// <inheritdoc/>
    public Scene Draw(Subject subject, PictureOptions options)
    {
        var answer = (CounterfactualAnswer)subject.Explanation;
        var caption = Caption.Of(
            subject,
            "The text as sent with what goes struck through and what comes underlined behind it"
                + (answer.Counterfactuals.Count == 1 ? "." : ", once for each way."),
            answer.Title + (Caption.TargetName(answer) is { } target ? $": what the model calls “{target}”" : "")
        );
        var (sheet, offsets) = (new Sheet(options.Width), new TextOffsets(subject));
        sheet.Heading(caption);
        IReadOnlyList<string> leftOut = [];
        foreach (var (index, one) in answer.Counterfactuals.Index())
        {
            sheet.Paragraph(
                FormattableString.Invariant($"{index + 1}. {Caption.PredictionName(one.Prediction)}")
                    + (one.Minimal ? "" : ", perhaps with fewer edits"),
                14,
                Tone.Ink,
                bold: true
            );
            sheet.Y += 6;
            leftOut = DrawTexts(one.Edits);
        }

        if (answer.Counterfactuals.Count == 0)
        {
            leftOut = DrawTexts([]);
        }

        sheet.Remarks(leftOut.Concat(Caption.Remarks(answer)));
        return sheet.Finish(caption, TableOf(answer));

        IReadOnlyList<string> DrawTexts(IReadOnlyList<EditAnswer> edits)
        {
            var remarks = new List<string>();
            foreach (var (text, where) in (IEnumerable<(string?, string?)>)[(subject.Text, null), (subject.Pair, "pair")])
            {
                if (text is not null)
                {
                    var left = DrawText(sheet, text, [.. edits.Where(edit => edit.In == where)], offsets, options.Palette);
                    remarks.AddRange(TextView.LeftOut(left, inPair: where is not null));
                    sheet.Y += 6;
                }
            }

            return remarks;
        }
    }

    /// <returns>How many characters at its end were left out.</returns>
    private static int DrawText(Sheet sheet, string text, IReadOnlyList<EditAnswer> edits, TextOffsets offsets, Palette palette)
    {
        var (marked, parts, at) = (new StringBuilder(), new List<PassagePart>(), 0);
        foreach (var edit in edits)
        {
            var (start, end) = (offsets.Of(edit.In, edit.Start), offsets.Of(edit.In, edit.End));
            marked.Append(text, at, start - at);
            Mark(text[start..end], palette.Signed(-Faintness), 0, "removed");
            if (edit.To.Length > 0)
            {
                marked.Append(Gap);
                Mark(edit.To, palette.Signed(Faintness), 1, "inserted");
            }

            at = end;
        }

        return Passage.Draw(sheet, marked.Append(text, at, text.Length - at).ToString(), parts, palette);

        void Mark(string piece, Tone colour, int sign, string what)
        {
            parts.Add(
                new PassagePart(marked.Length, marked.Length + piece.Length, colour, sign, $"{what}: {VisibleText.OneLine(piece)}")
                {
                    Struck = sign == 0,
                }
            );
            marked.Append(piece);
        }
    }

    private static NumberTable TableOf(CounterfactualAnswer answer) =>
        new(
            ["number", "prediction", "start", "end", "from", "to"],
            [
                .. answer
                    .Counterfactuals.Index()
                    .SelectMany(one =>
                        one.Item.Edits.Select(edit =>
                            (IReadOnlyList<string>)
                                [
                                    Numbers.Count(one.Index + 1),
                                    Caption.PredictionName(one.Item.Prediction) ?? "",
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
