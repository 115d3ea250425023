using ExplainService.Methods.Faithfulness;
using ExplainService.Rendering.Colours;
using ExplainService.Rendering.Layout;
using ExplainService.Rendering.Scenes;
using ExplainService.Rendering.Typography;

namespace ExplainService.Rendering.Views;

/// <summary>How far the rankings of methods agree.</summary>
public sealed class AgreementView : IView
{
    /// <inheritdoc/>
    public string Name => "agreement";

    /// <inheritdoc/>
    public int Fit(Subject subject) => subject.Explanation is CompareAnswer { Methods.Count: > 1 } ? 20 : 0;

    /// <inheritdoc/>
    public Scene Draw(Subject subject, PictureOptions options)
    {
        var answer = (CompareAnswer)subject.Explanation;
        string[] names = [.. answer.Methods.Select(method => Caption.Words(method.Name))];
        var steps = ColourSteps.Signed(options.Palette);
        var caption = Caption.Of(
            subject,
            $"A symmetric matrix of the rank correlations (Spearman) of {names.Length} methods: 1 where two rank the units alike."
                + MatrixPlot.HowDrawn(names.Length, names.Length),
            "How far methods agree"
        );
        var sheet = new Sheet(options.Width);
        sheet.Heading(caption);
        MatrixPlot.Draw(
            sheet,
            new MatrixData(
                names,
                names,
                (row, column) => row == column ? double.NaN : answer.Agreement[row][column] ?? double.NaN,
                steps.At,
                NumberScale.Of(1).Signed
            )
            {
                RowTitle = "method",
                ColumnTitle = "method",
            }
        );
        Legend.Signed(sheet, options.Palette, 1, ("rank alike", "rank the other way round"));
        sheet.Remarks(Caption.Remarks(answer));
        return sheet.Finish(caption);
    }
}
