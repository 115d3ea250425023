using ExplainService.Methods.Contracts;
using ExplainService.Methods.Inside;
using ExplainService.Rendering.Colours;
using ExplainService.Rendering.Layout;
using ExplainService.Rendering.Scenes;
using ExplainService.Rendering.Typography;

namespace ExplainService.Rendering.Views;

/// <summary>What the model would have said after each layer, and from which on it says what it says (nostalgebraist 2020).</summary>
public sealed class LensView : IView
{
    private const double RowHeight = 27;
    private const double Gap = 2;

    /// <summary>The narrowest column of a class, which its name heads, and of an entry that stands in its cell beside its number.</summary>
    private const double NarrowestClass = 76;
    private const double NarrowestEntry = 104;
    private const double WidestColumn = 190;
    private const double NumberWidth = 44;

    /// <inheritdoc/>
    public string Name => "lens";

    /// <inheritdoc/>
    public int Fit(Subject subject) => subject.Explanation is LayersAnswer { Layers: [{ Value: not null }, ..] } ? 30 : 0;

    /// <inheritdoc/>
    public Scene Draw(Subject subject, PictureOptions options)
    {
        var answer = (LayersAnswer)subject.Explanation;
        var reading = new LensReading(answer);
        var caption = Caption.Of(
            subject,
            $"A table of {answer.Layers.Count} layers, one a row, the embeddings first: what the model would have said if it ended there. {reading.Decision}",
            "Lens: what the model would have said after each layer"
        );
        var sheet = new Sheet(options.Width);
        sheet.Heading(caption);

        var layerNames = answer.Layers.Select(LayersView.LayerName).ToArray();
        var written = NumberScale.Of(answer.Layers.Select(layer => layer.Value!.Value));
        var header = Caption.Words(answer.Objective?.ToString() ?? "score");
        var names = layerNames.Append("after layer").Max(name => TextMeasure.Width(name, Sheet.Text, bold: true)) + 14;
        var values =
            answer.Layers.Select(layer => written.Plain(layer.Value!.Value)).Append(header).Max(text => TextMeasure.Width(text, Sheet.Text))
            + 16;
        var room = sheet.Inner - names - values;
        var byClass = reading.Labels.Count > 0 && !reading.IsVocabulary && reading.Labels.Count * NarrowestClass <= room;
        var columns = byClass ? reading.Labels.Count : Math.Clamp((int)(room / NarrowestEntry), 1, Math.Max(1, reading.Labels.Count));
        columns = reading.Labels.Count == 0 ? 0 : columns;
        var width = columns == 0 ? 0 : Math.Min(WidestColumn, room / columns);
        var (left, right) = (sheet.Left + names, sheet.Left + names + (columns * width));

        sheet.Add(Head(sheet.Left, sheet.Y + 11, "after layer"));
        for (var column = 0; byClass && column < columns; column++)
        {
            sheet.Add(
                Head(
                    left + (column * width) + 4,
                    sheet.Y + 11,
                    VisibleText.Fit(Caption.LabelName(reading.Labels[column].Label), width - 8, Sheet.Small)
                )
            );
        }

        sheet.Add(Head(right + values, sheet.Y + 11, header) with { Anchor = Anchor.End });
        sheet.Y += 18;
        foreach (var (place, layer) in answer.Layers.Index())
        {
            if (place == reading.Decided && place > 0)
            {
                sheet.Add(new Line(sheet.Left, sheet.Y - (Gap / 2), right + values, sheet.Y - (Gap / 2), Tone.Ink) { Dashed = true });
            }

            var decided = place >= reading.Decided;
            var cells = byClass ? reading.ByClass(layer) : LensReading.Strongest(layer, columns);
            sheet.Add(new Label(sheet.Left, sheet.Y + 17.5, layerNames[place], Sheet.Text, Tone.Ink) { Bold = decided });
            foreach (var (column, label) in cells.Index())
            {
                sheet.Add(
                    Cell(
                        left + (column * width),
                        sheet.Y,
                        width - Gap,
                        label,
                        LensReading.IsTop(layer, label),
                        reading.IsSaid(label),
                        byClass,
                        options.Palette
                    )
                );
            }

            sheet.Add(
                new Label(right + values, sheet.Y + 17.5, written.Plain(layer.Value!.Value), Sheet.Text, Tone.Ink)
                {
                    Anchor = Anchor.End,
                    Bold = decided,
                }
            );
            sheet.Y += RowHeight;
        }

        sheet.Y += 10;
        if (columns > 0)
        {
            Legend.Strength(sheet, options.Palette, 1);
        }

        sheet.Remarks(reading.Remarks(byClass, columns).Concat(Caption.Remarks(answer)));
        return sheet.Finish(caption, TableOf(answer, layerNames));
    }

    private static Label Head(double x, double y, string text) => new(x, y, text, Sheet.Small, Tone.Faint);

    private static Group Cell(double x, double y, double width, LabelAnswer label, bool isTop, bool isSaid, bool byClass, Palette palette)
    {
        var probability = label.Probability ?? 0;
        var colour = palette.Strength(probability);
        var (ink, number) = (colour.InkOn(), NumberScale.Of(0.5).Plain(probability));
        List<Element> drawn =
        [
            new Box(x, y, width, RowHeight - Gap, colour) { Radius = 2, Stroke = isTop ? Tone.Ink : null },
            new Label(x + width - 7, y + 17, number, Sheet.Small, ink) { Anchor = Anchor.End, Bold = isTop },
        ];
        if (!byClass)
        {
            var name = VisibleText.Fit(Caption.LabelName(label.Label), width - NumberWidth - 10, Sheet.Text, isSaid);
            drawn.Add(new Label(x + 7, y + 17, name, Sheet.Text, ink) { Bold = isSaid });
        }

        return new Group(drawn) { Tip = $"{VisibleText.OneLine(Caption.LabelName(label.Label))}: {Numbers.Plain(probability)}" };
    }

    private static NumberTable TableOf(LayersAnswer answer, string[] names) =>
        new(
            ["after layer", "score", "classes"],
            [
                .. answer.Layers.Select(
                    (layer, place) =>
                        (IReadOnlyList<string>)
                            [
                                names[place],
                                Numbers.Full(layer.Value!.Value),
                                string.Join(
                                    "; ",
                                    (layer.Labels ?? []).Select(label =>
                                        VisibleText.OneLine(label.Label)
                                        + (label.Probability is { } probability ? " " + Numbers.Full(probability) : "")
                                    )
                                ),
                            ]
                ),
            ]
        );
}

/// <summary>Reads a lens from an answer: which classes there are, and where it was decided.</summary>
internal sealed class LensReading
{
    private readonly LayersAnswer answer;
    private readonly LabelAnswer? said;

    /// <summary>Of an answer of <c>lens</c>.</summary>
    public LensReading(LayersAnswer answer)
    {
        this.answer = answer;
        var last = Known(answer.Layers[^1]);
        said = last.FirstOrDefault();
        Labels = last;
        IsVocabulary = answer.Layers.Any(layer => Known(layer).Any(label => last.TrueForAll(other => other.Index != label.Index)));
        Decided = answer.Layers.Count;
        while (Decided > 0 && said is not null && Known(answer.Layers[Decided - 1]).FirstOrDefault()?.Index == said.Index)
        {
            Decided--;
        }
    }

    /// <summary>The last layer's classes, strongest first; none where it has no probabilities.</summary>
    public List<LabelAnswer> Labels { get; }

    /// <summary>Whether layers list other classes: the strongest of many.</summary>
    public bool IsVocabulary { get; }

    /// <summary>The place of the first layer from which on the strongest class is the model's; the number of layers where there is none.</summary>
    public int Decided { get; }

    /// <summary>The same in words.</summary>
    public string Decision =>
        said is not { } label ? ""
        : answer.Layers[Decided] is { Layer: 0 } ? $"“{Caption.LabelName(label.Label)}” is the strongest from the embeddings on."
        : FormattableString.Invariant(
            $"Decided after layer {answer.Layers[Decided].Layer}: from there on “{Caption.LabelName(label.Label)}” stays the strongest."
        );

    /// <summary>Whether a class is a layer's strongest.</summary>
    public static bool IsTop(LayerAnswer layer, LabelAnswer label) => Known(layer)[0].Index == label.Index;

    /// <summary>Whether a class is what the model says in the end.</summary>
    public bool IsSaid(LabelAnswer label) => label.Index == said?.Index;

    /// <summary>A layer's classes in the order of the last layer's.</summary>
    public IEnumerable<LabelAnswer> ByClass(LayerAnswer layer) =>
        Labels.Select(label => Known(layer).First(other => other.Index == label.Index));

    /// <summary>A layer's strongest classes.</summary>
    public static IEnumerable<LabelAnswer> Strongest(LayerAnswer layer, int most) => Known(layer).Take(most);

    /// <summary>What the table shows and what it leaves out.</summary>
    public IEnumerable<string> Remarks(bool byClass, int columns)
    {
        if (Decision.Length > 0)
        {
            yield return Decision;
        }

        if (columns > 0)
        {
            yield return "Colour is the probability; the strongest of each layer is framed"
                + (byClass ? "." : ", what the model says in the end is bold.");
        }

        if (!byClass && Labels.Count > columns && columns > 0)
        {
            yield return FormattableString.Invariant(
                $"Of {Labels.Count} listed entries the {columns} strongest of each layer are drawn; a wider picture has room for more."
            );
        }
    }

    private static List<LabelAnswer> Known(LayerAnswer layer) =>
        [.. (layer.Labels ?? []).Where(label => label.Probability is not null).OrderByDescending(label => label.Probability)];
}
