using ExplainService.Methods.Inside;
using ExplainService.Rendering.Colours;
using ExplainService.Rendering.Layout;
using ExplainService.Rendering.Scenes;
using ExplainService.Rendering.Typography;

namespace ExplainService.Rendering.Views;

/// <summary>What each token's part of the residual stream contributes to the target behind each layer.</summary>
public sealed class LayersView : IView
{
    /// <summary>The narrowest cell of a text that is read across, as texts are; tokens of a longer one are rows.</summary>
    private const double NarrowestAcross = 15;

    /// <inheritdoc/>
    public string Name => "layers";

    /// <inheritdoc/>
    public int Fit(Subject subject) => subject.Explanation is LayersAnswer answer && Scored(answer).Length > 0 ? 30 : 0;

    /// <inheritdoc/>
    public Scene Draw(Subject subject, PictureOptions options)
    {
        var answer = (LayersAnswer)subject.Explanation;
        var layers = Scored(answer);
        string[] tokens = [.. answer.Tokens.Take(layers[0].Scores!.Count).Select(PartNames.Of)];
        string[] names = [.. layers.Select(LayerName)];
        var largest = layers.SelectMany(layer => layer.Scores!).Select(Math.Abs).Max();
        var scale = ColourScale.Of(largest, ColourScale.FloorOf(answer), options);
        var steps = ColourSteps.Signed(options.Palette);
        var across = tokens.Length * NarrowestAcross <= options.Width * 0.8;
        var caption = Caption.Of(
            subject,
            $"A heat map of {tokens.Length} tokens ({(across ? "across" : "down")}) by {layers.Length} layers ({(across ? "down" : "across")}); "
                + "each cell is what the token contributes to the target at that depth, layer 0 being what enters the first."
                + MatrixPlot.HowDrawn(tokens.Length, layers.Length)
        );
        var sheet = new Sheet(options.Width);
        sheet.Heading(caption);
        MatrixPlot.Draw(
            sheet,
            new MatrixData(
                across ? names : tokens,
                across ? tokens : names,
                (row, column) => across ? layers[row].Scores![column] : layers[column].Scores![row],
                value => steps.At(value / scale),
                NumberScale.Of(options.Scale ?? largest).Signed
            )
            {
                RowTitle = across ? "layer" : "token",
                ColumnTitle = across ? "token" : "layer",
            }
        );
        Legend.Signed(sheet, options.Palette, scale, Caption.Verbs(answer));
        sheet.Remarks(ColourScale.Remarks(largest, options).Concat(Caption.Remarks(answer)));
        return sheet.Finish(
            caption,
            new NumberTable(
                ["token", .. names.Select(name => "layer " + name)],
                [
                    .. tokens.Select(
                        (token, place) =>
                            (IReadOnlyList<string>)
                                [VisibleText.OneLine(token), .. layers.Select(layer => Numbers.Full(layer.Scores![place]))]
                    ),
                ]
            )
        );
    }

    /// <summary>A layer's number; 0 is what enters the first.</summary>
    internal static string LayerName(LayerAnswer layer) => layer.Layer == 0 ? "0 (embeddings)" : Numbers.Count(layer.Layer);

    private static LayerAnswer[] Scored(LayersAnswer answer) => [.. answer.Layers.Where(layer => layer.Scores is { Count: > 0 })];
}
