using ExplainService.Methods.Inside;
using ExplainService.Rendering.Colours;
using ExplainService.Rendering.Layout;
using ExplainService.Rendering.Scenes;
using ExplainService.Rendering.Typography;

namespace ExplainService.Rendering.Views;

/// <summary>How the target falls without each part of the model: heads as a map of layers by heads, layers and neurons as bars.</summary>
public sealed class AblationView : IView
{
    /// <summary>How many heads are told with what they look at.</summary>
    private const int NamedHeads = 5;

    /// <summary>Less than a third on one kind of token is no habit.</summary>
    private const double Noticeable = 1.0 / 3;

    /// <inheritdoc/>
    public string Name => "ablation";

    /// <inheritdoc/>
    public int Fit(Subject subject) =>
        subject.Explanation
            is AblationAnswer { Heads.Count: > 0 }
                or AblationAnswer { Layers.Count: > 0 }
                or AblationAnswer { Neurons.Count: > 0 }
            ? 30
            : 0;

    /// <inheritdoc/>
    public Scene Draw(Subject subject, PictureOptions options)
    {
        var answer = (AblationAnswer)subject.Explanation;
        return answer.Heads is { Count: > 0 } heads ? Heads(subject, answer, heads, options) : Bars(subject, answer, options);
    }

    private static Scene Heads(
        Subject subject,
        AblationAnswer answer,
        IReadOnlyList<IReadOnlyList<HeadAnswer>> heads,
        PictureOptions options
    )
    {
        var largest = heads.SelectMany(layer => layer).Max(head => Math.Abs(head.Score));
        var scale = ColourScale.Of(largest, ColourScale.FloorOf(answer), options);
        var steps = ColourSteps.Signed(options.Palette);
        var layers = answer.HeadLayers!;
        var count = heads.Max(layer => layer.Count);
        var written = NumberScale.Of(options.Scale ?? largest);
        var caption = Caption.Of(
            subject,
            $"A map of {heads.Count} layers (down) by {count} heads (across); each cell is how far the score of the text, {Numbers.Plain(answer.Value)}, falls when that head alone is {Off(answer)}."
                + MatrixPlot.HowDrawn(heads.Count, count),
            Title(answer, "heads")
        );
        var sheet = new Sheet(options.Width);
        sheet.Heading(caption);
        MatrixPlot.Draw(
            sheet,
            new MatrixData(
                [.. layers.Select(Numbers.Count)],
                [.. Enumerable.Range(0, count).Select(Numbers.Count)],
                (row, column) => column < heads[row].Count ? heads[row][column].Score : double.NaN,
                value => steps.At(value / scale),
                written.Signed
            )
            {
                RowTitle = "layer",
                ColumnTitle = "head",
                IsUpright = true,
                Tip = (row, column) =>
                    $"layer {layers[row]}, head {column}: {Numbers.Signed(heads[row][column].Score)}; {LooksAt(heads[row][column].Types)}",
            }
        );
        Legend.Signed(sheet, options.Palette, scale, Effects);
        var strongest = heads
            .SelectMany((layer, row) => layer.Select((head, column) => (Layer: layers[row], Head: column, Answer: head)))
            .OrderByDescending(head => Math.Abs(head.Answer.Score))
            .Take(Math.Min(NamedHeads, options.Top))
            .Select(head =>
                FormattableString.Invariant(
                    $"Layer {head.Layer}, head {head.Head}: {written.Signed(head.Answer.Score)}, {LooksAt(head.Answer.Types)}."
                )
            );
        sheet.Remarks(Value(answer).Concat(strongest).Concat(ColourScale.Remarks(largest, options)).Concat(Caption.Remarks(answer)));
        return sheet.Finish(
            caption,
            new NumberTable(
                ["layer", "head", "drop", "importance", "entropy", "looks at"],
                [
                    .. heads.SelectMany(
                        (layer, row) =>
                            layer.Select(
                                (head, column) =>
                                    (IReadOnlyList<string>)
                                        [
                                            Numbers.Count(layers[row]),
                                            Numbers.Count(column),
                                            Numbers.Full(head.Score),
                                            head.Importance is { } importance ? Numbers.Full(importance) : "",
                                            Numbers.Full(head.Types.Entropy),
                                            LooksAt(head.Types),
                                        ]
                            )
                    ),
                ]
            )
        );
    }

    private static Scene Bars(Subject subject, AblationAnswer answer, PictureOptions options)
    {
        var ofLayers = answer.Layers is { Count: > 0 };
        ScoredPart[] all = ofLayers
            ? [.. answer.Layers!.Select(layer => Part(FormattableString.Invariant($"layer {layer.Layer}"), layer.Score))]
            :
            [
                .. answer.Neurons!.Select(neuron =>
                    Part(FormattableString.Invariant($"layer {neuron.Layer}, neuron {neuron.Neuron}"), neuron.Score)
                ),
            ];
        var attribution = new Attribution(all, IsSigned: true) { Floor = ColourScale.FloorOf(answer) };
        var (strongest, others) = attribution.Strongest(options.Top);

        // Layers have an order of their own, in which they are read.
        var shown = ofLayers && others.Count == 0 ? all : strongest;
        var caption = Caption.Of(
            subject,
            $"A bar for each of {shown.Count} {(ofLayers ? "layers" : "neurons, strongest first")}: how far the score of the text, {Numbers.Plain(answer.Value)}, falls when it alone is {Off(answer)}.",
            Title(answer, ofLayers ? "layers" : "neurons")
        );
        var sheet = new Sheet(options.Width);
        sheet.Heading(caption);
        BarRows.Draw(sheet, shown, isSigned: true, attribution.Floor, options);
        sheet.Y += 6;
        sheet.Paragraph($"+ {Effects.For}   − {Effects.Against}", Sheet.Small, Tone.Faint);
        sheet.Remarks(
            Value(answer)
                .Concat(others.Count > 0 ? [FormattableString.Invariant($"{others.Count} weaker ones are not listed.")] : [])
                .Concat(ColourScale.Remarks(attribution.Largest, options))
                .Concat(Caption.Remarks(answer))
        );
        return sheet.Finish(
            caption,
            new NumberTable(["off", "drop"], [.. all.Select(part => (IReadOnlyList<string>)[part.Text, Numbers.Full(part.Score)])])
        );

        static ScoredPart Part(string name, double score) => new(name, false, 0, 0, score);
    }

    /// <summary>What the signs mean.</summary>
    private static (string For, string Against) Effects => ("the score falls without it", "the score rises without it");

    private static string Title(AblationAnswer answer, string parts) =>
        $"Ablation of {parts}: what holds up {Caption.Explained(answer) ?? "the prediction"}";

    private static string Off(AblationAnswer answer) => answer.By == AblationValue.Mean ? "held at its mean" : "set to zero";

    private static string[] Value(AblationAnswer answer) =>
        [
            $"The score with everything in place is {Numbers.Plain(answer.Value)}; each is {Off(answer)}, one at a time, and what is drawn is the drop.",
        ];

    /// <summary>Where most of a head's attention goes.</summary>
    private static string LooksAt(HeadTypesAnswer types)
    {
        var (name, share) = (
            (IReadOnlyList<(string Name, double Share)>)
                [
                    ("the token before", types.Previous),
                    ("the token behind", types.Next),
                    ("the token itself", types.Same),
                    ("the first token", types.First),
                    ("separators", types.Separators),
                    ("earlier copies of the token", types.Copies),
                    ("what followed earlier copies", types.Induction),
                ]
        ).MaxBy(type => type.Share);
        return share >= Noticeable
            ? FormattableString.Invariant($"{100 * share:F0} % of its attention on {name}")
            : "its attention is spread out";
    }
}
