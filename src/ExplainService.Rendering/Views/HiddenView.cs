using ExplainService.Methods.Counterfactuals;
using ExplainService.Rendering.Layout;
using ExplainService.Rendering.Scenes;
using ExplainService.Rendering.Typography;

namespace ExplainService.Rendering.Views;

/// <summary>Counterfactuals of a picture: the picture as sent, then for each the units that are hidden in it under hatching.</summary>
public sealed class HiddenView : IView
{
    private const double Tallest = 480;

    /// <inheritdoc/>
    public string Name => "hidden";

    /// <inheritdoc/>
    public int Fit(Subject subject) => subject is { Picture: not null, Explanation: CounterfactualAnswer } ? 60 : 0;

    /// <inheritdoc/>
    public Scene Draw(Subject subject, PictureOptions options)
    {
        var (answer, picture) = ((CounterfactualAnswer)subject.Explanation, subject.Picture!);
        var found = answer.Counterfactuals;
        var caption = Caption.Of(
            subject,
            "The picture as sent"
                + (
                    found.Count == 0 ? "."
                    : found.Count == 1 ? ", and once with hatching over its hidden units."
                    : FormattableString.Invariant($", and {found.Count} times with hatching over its hidden units.")
                ),
            answer.Title + (Caption.TargetName(answer) is { } target ? $": what the model calls “{target}”" : "")
        );
        var sheet = new Sheet(options.Width);
        sheet.Heading(caption);
        var columns = PicturePair.Columns(options);
        var plot = new PicturePlot(picture, (sheet.Inner - ((columns - 1) * PicturePair.Gap)) / columns, Tallest);
        Cell[] cells =
        [
            new("As sent: " + Caption.PredictionName(answer.Prediction), "", []),
            .. found.Select((one, index) => new Cell(NameOf(one, index), Facts(one), [.. one.Edits.Select(edit => edit.Start)])),
        ];
        foreach (var row in cells.Chunk(columns))
        {
            foreach (var (column, cell) in row.Index())
            {
                var x = sheet.Left + (column * (plot.Width + PicturePair.Gap));
                sheet.Add(new Label(x, sheet.Y + 13, cell.Name, 14, Colours.Tone.Ink) { Bold = true });
                sheet.Add(new Label(x, sheet.Y + 30, cell.Facts, Sheet.Small, Colours.Tone.Faint));
                var shown = cell.Hidden.Count == 0 ? plot.Shown : plot.Hatched(cell.Hidden);
                sheet.Add(new Photo(x, sheet.Y + 38, plot.Width, plot.Height, shown, plot.IsFlat) { Tip = cell.Name });
            }

            sheet.Y += plot.Height + 38 + PicturePair.Gap;
        }

        sheet.Remarks(Caption.Remarks(answer));
        return sheet.Finish(caption, TableOf(answer));
    }

    private static string NameOf(CounterfactualTextAnswer one, int index) =>
        FormattableString.Invariant($"{index + 1}. {Caption.PredictionName(one.Prediction)}");

    private static string Facts(CounterfactualTextAnswer one) =>
        FormattableString.Invariant($"{one.Edits.Count} hidden{(one.Minimal ? "" : ", perhaps fewer are enough")}");

    private static NumberTable TableOf(CounterfactualAnswer answer) =>
        new(
            ["number", "prediction", "hidden", "x", "y", "width", "height"],
            [
                .. answer
                    .Counterfactuals.Index()
                    .SelectMany(one =>
                        one.Item.Edits.Select(edit =>
                            (IReadOnlyList<string>)
                                [
                                    Numbers.Count(one.Index + 1),
                                    Caption.PredictionName(one.Item.Prediction) ?? "",
                                    edit.From,
                                    .. edit.Box!.Select(side => Numbers.Count(side)),
                                ]
                        )
                    ),
            ]
        );

    private sealed record Cell(string Name, string Facts, IReadOnlySet<int> Hidden)
    {
        public Cell(string name, string facts, IEnumerable<int> hidden)
            : this(name, facts, hidden.ToHashSet()) { }
    }
}
