using ExplainService.Methods.Shapley;
using ExplainService.Rendering.Colours;
using ExplainService.Rendering.Layout;
using ExplainService.Rendering.Scenes;
using ExplainService.Rendering.Typography;

namespace ExplainService.Rendering.Views;

/// <summary>Pairwise Shapley interactions: what two parts do together beyond what each does alone.</summary>
public sealed class InteractionsView : IView
{
    /// <inheritdoc/>
    public string Name => "interactions";

    /// <inheritdoc/>
    public int Fit(Subject subject) =>
        subject.Explanation is ShapAnswer { Interactions: { Length: > 0 } interactions, Units: var units }
        && interactions.Length == units.Count
            ? 14
            : 0;

    /// <inheritdoc/>
    public Scene Draw(Subject subject, PictureOptions options)
    {
        var answer = (ShapAnswer)subject.Explanation;
        var interactions = answer.Interactions!;
        var names = answer.Units.Select(unit => PartNames.Of(unit, answer.Tokens)).ToArray();
        var largest = interactions.SelectMany(row => row).Select(Math.Abs).Max();
        var scale = ColourScale.Of(largest, ColourScale.FloorOf(answer), options);
        var steps = ColourSteps.Signed(options.Palette);
        var caption = Caption.Of(
            subject,
            $"A symmetric matrix of the interactions of {names.Length} parts: positive where two parts together speak more for the target than each alone."
                + MatrixPlot.HowDrawn(names.Length, names.Length),
            Caption.TargetName(answer) is { } target ? $"Shapley interactions for “{target}”" : "Shapley interactions"
        );
        var sheet = new Sheet(options.Width);
        sheet.Heading(caption);
        MatrixPlot.Draw(
            sheet,
            new MatrixData(
                names,
                names,
                (row, column) => row == column ? double.NaN : interactions[row][column],
                value => steps.At(value / scale),
                NumberScale.Of(largest).Signed
            )
            {
                RowTitle = "part",
                ColumnTitle = "part",
            }
        );
        Legend.Signed(sheet, options.Palette, scale);
        sheet.Remarks(ColourScale.Remarks(largest, options).Concat(Caption.Remarks(answer)));
        return sheet.Finish(caption);
    }
}
