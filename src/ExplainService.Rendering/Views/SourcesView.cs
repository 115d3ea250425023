using ExplainService.Methods.Contracts;
using ExplainService.Rendering.Colours;
using ExplainService.Rendering.Layout;
using ExplainService.Rendering.Scenes;
using ExplainService.Rendering.Typography;

namespace ExplainService.Rendering.Views;

/// <summary>
/// Generation: what each generated token (down) owes to the tokens of the input and to those generated before it (across).
/// </summary>
public sealed class SourcesView : IView
{
    /// <inheritdoc/>
    public string Name => "sources";

    /// <inheritdoc/>
    public int Fit(Subject subject) =>
        subject.Explanation.Tokens is null
            ? 0
            : Rows(subject.Explanation).Length switch
            {
                0 => 0,

                // The next token alone: the text says the same.
                1 => 17,
                _ => 30,
            };

    /// <inheritdoc/>
    public Scene Draw(Subject subject, PictureOptions options)
    {
        var answer = subject.Explanation;
        var rows = Rows(answer);
        var tokens = answer.Tokens!;
        var earlier = rows.Max(row => row.GeneratedScores?.Length ?? 0);
        string[] columns = [.. tokens.Select(PartNames.Of), .. answer.Generated!.Take(earlier).Select(PartNames.Of)];
        var largest = rows.SelectMany(row => row.Scores!.Concat(row.GeneratedScores ?? [])).Select(Math.Abs).DefaultIfEmpty(0).Max();
        var scale = ColourScale.Of(largest, ColourScale.FloorOf(answer), options);
        var isSigned = answer.Method != "attention";
        var steps = isSigned ? ColourSteps.Signed(options.Palette) : ColourSteps.Strength(options.Palette);
        var caption = Caption.Of(
            subject,
            $"A matrix of {rows.Length} generated tokens (down) by {tokens.Count} tokens of the input and {earlier} generated before (across); "
                + (
                    isSigned
                        ? "each cell is what the column adds to the score of the row."
                        : "each cell is the attention that the row pays to the column."
                )
                + MatrixPlot.HowDrawn(rows.Length, columns.Length),
            $"{subject.Explanation.Title}: where each generated token comes from"
        );
        var sheet = new Sheet(options.Width);
        sheet.Heading(caption);
        MatrixPlot.Draw(
            sheet,
            new MatrixData(
                [.. rows.Select(PartNames.Of)],
                columns,
                Value,
                value => steps.At(value / scale),
                isSigned ? NumberScale.Of(largest).Signed : NumberScale.Of(largest).Plain
            )
            {
                RowTitle = "generated",
                ColumnTitle = earlier > 0 ? "input, then generated" : "input",
            }
        );
        if (isSigned)
        {
            Legend.Signed(sheet, options.Palette, scale);
        }
        else
        {
            Legend.Strength(sheet, options.Palette, scale);
        }

        sheet.Remarks(ColourScale.Remarks(largest, options).Concat(Caption.Remarks(answer)));
        return sheet.Finish(caption);

        double Value(int row, int column)
        {
            var scores = column < tokens.Count ? rows[row].Scores : rows[row].GeneratedScores;
            var place = column < tokens.Count ? column : column - tokens.Count;
            return scores is not null && place < scores.Length ? scores[place] : double.NaN;
        }
    }

    private static GeneratedToken[] Rows(Explanation answer) =>
        [.. (answer.Generated ?? []).Where(token => token.Scores is { Length: > 0 })];
}
