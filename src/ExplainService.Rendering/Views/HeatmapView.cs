using ExplainService.Methods.Attention;
using ExplainService.Rendering.Layout;
using ExplainService.Rendering.Scenes;
using ExplainService.Rendering.Typography;

namespace ExplainService.Rendering.Views;

/// <summary>One attention map, a head's or several together: queries down, keys across.</summary>
public sealed class HeatmapView : IView
{
    /// <inheritdoc/>
    public string Name => "heatmap";

    /// <inheritdoc/>
    public int Fit(Subject subject) =>
        AttentionReading.HasMaps(subject.Explanation)
            ? subject.Explanation is AttentionAnswer { Scores: null }
                ? 30
                : 15
            : 0;

    /// <inheritdoc/>
    public Scene Draw(Subject subject, PictureOptions options)
    {
        var answer = (AttentionAnswer)subject.Explanation;
        var map = AttentionReading.Choose(subject, options);
        var (rows, columns) = (map.Weights.Length, map.Weights[0].Length);
        var scale = new AttentionScale(options.Palette, options.Scale ?? map.Largest);
        var caption = Caption.Of(
            subject,
            $"A heat map of {rows} × {columns} attention weights, queries down and keys across; colour follows the square root of the weight."
                + MatrixPlot.HowDrawn(rows, columns),
            answer.Attention is null ? null : "Attention: " + char.ToLowerInvariant(map.Name[0]) + map.Name[1..]
        );
        var sheet = new Sheet(options.Width);
        sheet.Heading(caption);
        MatrixPlot.Draw(
            sheet,
            new MatrixData(
                AttentionReading.Names(subject, rows, ofKeys: false),
                AttentionReading.Names(subject, columns, ofKeys: true),
                (query, key) => map.Weights[query][key],
                scale.Colour,
                NumberScale.Of(map.Largest).Plain
            )
            {
                RowTitle = "attends (query)",
                ColumnTitle = "attended to (key)",
            }
        );
        scale.Legend(sheet);
        sheet.Remarks(ColourScale.Remarks(map.Largest, options, "Weights").Concat(Caption.Remarks(answer)));
        return sheet.Finish(caption);
    }
}
