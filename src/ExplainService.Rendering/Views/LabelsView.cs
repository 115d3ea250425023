using ExplainService.Methods.Contracts;
using ExplainService.Rendering.Colours;
using ExplainService.Rendering.Layout;
using ExplainService.Rendering.Scenes;
using ExplainService.Rendering.Typography;

namespace ExplainService.Rendering.Views;

/// <summary>All classes at once: what each part (across) adds to each class (down).</summary>
public sealed class LabelsView : IView
{
    /// <inheritdoc/>
    public string Name => "labels";

    /// <inheritdoc/>
    public int Fit(Subject subject) =>
        subject.Explanation is UnitExplanation { Labels.Count: > 0, Units: { Count: > 0 } units } answer
        && answer.Labels.All(label => label.Scores.Length == units.Count)
            ? 35
            : 0;

    /// <inheritdoc/>
    public Scene Draw(Subject subject, PictureOptions options)
    {
        var answer = (UnitExplanation)subject.Explanation;
        var labels = answer.Labels!;
        var names = answer.Units.Select(unit => PartNames.Of(unit, answer.Tokens)).ToArray();
        var largest = labels.SelectMany(label => label.Scores).Select(Math.Abs).Max();
        var scale = ColourScale.Of(largest, ColourScale.FloorOf(answer), options);
        var steps = ColourSteps.Signed(options.Palette);
        var caption = Caption.Of(
            subject,
            $"A matrix of {labels.Count} classes (down) by {names.Length} parts of the text (across)."
                + MatrixPlot.HowDrawn(labels.Count, names.Length),
            $"{subject.Explanation.Title}: every class"
        );
        var sheet = new Sheet(options.Width);
        sheet.Heading(caption);
        MatrixPlot.Draw(
            sheet,
            new MatrixData(
                [.. labels.Select(label => label.Label)],
                names,
                (label, unit) => labels[label].Scores[unit],
                value => steps.At(value / scale),
                NumberScale.Of(largest).Signed
            )
            {
                RowTitle = "class",
                ColumnTitle = "part",
            }
        );
        Legend.Signed(sheet, options.Palette, scale);
        sheet.Remarks(ColourScale.Remarks(largest, options).Concat(Caption.Remarks(answer)));
        return sheet.Finish(caption);
    }
}
