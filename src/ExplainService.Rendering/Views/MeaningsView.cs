using System.Globalization;
using ExplainService.Methods.Inside;
using ExplainService.Rendering.Colours;
using ExplainService.Rendering.Layout;
using ExplainService.Rendering.Scenes;
using ExplainService.Rendering.Typography;

namespace ExplainService.Rendering.Views;

/// <summary>What raises neurons in a corpus: the labels they go with, the words that raise them, where they are strongest.</summary>
public sealed class MeaningsView : IView
{
    private const double NumberWidth = 64;

    /// <inheritdoc/>
    public string Name => "meanings";

    /// <inheritdoc/>
    public int Fit(Subject subject) => subject.Explanation is NeuronsAnswer { Meanings.Count: > 0 } ? 35 : 0;

    /// <inheritdoc/>
    public Scene Draw(Subject subject, PictureOptions options)
    {
        var answer = (NeuronsAnswer)subject.Explanation;
        var meanings = answer.Meanings!;
        var caption = Caption.Of(
            subject,
            "For each neuron the labels that it goes with, the words that raise it most, and the tokens of the corpus at which it is strongest, in their sentences.",
            meanings.Count == 1
                ? FormattableString.Invariant($"Layer {meanings[0].Layer}, neuron {meanings[0].Neuron}: what raises it")
                : "What raises the neurons"
        );
        var sheet = new Sheet(options.Width);
        sheet.Heading(caption);

        var largest = meanings
            .SelectMany(meaning => meaning.Examples)
            .Select(example => Math.Abs(example.Activation))
            .DefaultIfEmpty(0)
            .Max();
        var scale = ColourScale.Of(largest, 0, options);
        var written = NumberScale.Of(options.Scale ?? largest);
        var (characters, drawn) = (0, 0);
        foreach (var meaning in meanings)
        {
            characters += meaning.Examples.Sum(example => example.Sentence.Length);
            if (drawn > 0 && characters > Passage.MaxCharacters)
            {
                break;
            }

            Entry(sheet, meaning, scale, written, options, heading: meanings.Count > 1);
            drawn++;
        }

        sheet.Remarks(
            ColourScale
                .Remarks(largest, options, "Activations")
                .Prepend("In front of each sentence the neuron’s activation at the marked token.")
                .Concat(ActivationView.LeftOut(meanings.Count - drawn))
                .Concat(Caption.Remarks(answer))
        );
        return sheet.Finish(caption, TableOf(meanings));
    }

    private static void Entry(Sheet sheet, NeuronMeaning meaning, double scale, NumberScale written, PictureOptions options, bool heading)
    {
        if (heading)
        {
            sheet.Paragraph(FormattableString.Invariant($"Layer {meaning.Layer}, neuron {meaning.Neuron}"), 14, Tone.Ink, bold: true);
            sheet.Y += 3;
        }

        if (meaning.Labels.Count > 0)
        {
            var labels = meaning.Labels.OrderByDescending(label => label.Correlation).Take(options.Top);
            sheet.Paragraph(
                "Goes with the logit of "
                    + string.Join(
                        ", ",
                        labels.Select(label => $"{Caption.LabelName(label.Label)}\u00A0{Numbers.Signed(Math.Round(label.Correlation, 3))}")
                    )
                    + " (correlation)",
                Sheet.Text,
                Tone.Ink
            );
        }

        NeuronWord[] raising = [.. meaning.Words.Where(word => word.With > word.Without).Take(options.Top)];
        sheet.Paragraph(
            raising.Length > 0
                ? "Raised by "
                    + string.Join(
                        ", ",
                        raising.Select(word =>
                            $"{Caption.Short(word.Word)}\u00A0{written.Plain(word.With)}\u00A0({Numbers.Count(word.Count)}×,\u00A0elsewhere\u00A0{written.Plain(word.Without)})"
                        )
                    )
                : "No word that stands often enough in the corpus raises it.",
            Sheet.Text,
            Tone.Ink
        );
        sheet.Y += 8;
        foreach (var example in meaning.Examples.Take(options.Top))
        {
            sheet.Add(
                new Label(sheet.Left + NumberWidth - 14, sheet.Y + 17, written.Plain(example.Activation), Sheet.Text, Tone.Ink)
                {
                    Anchor = Anchor.End,
                }
            );
            sheet.Indented(NumberWidth, () => Sentence(sheet, example, scale, options.Palette));
        }

        sheet.Y += 12;
    }

    private static void Sentence(Sheet sheet, NeuronExample example, double scale, Palette palette)
    {
        var share = example.Activation / scale;
        Passage.Draw(
            sheet,
            example.Sentence,
            [
                new PassagePart(
                    example.Place,
                    example.Place + example.Token.Length,
                    palette.Signed(share),
                    Math.Min(0, Math.Sign(share)),
                    FormattableString.Invariant($"text {example.Text}: ") + Numbers.Signed(example.Activation)
                ),
            ],
            palette
        );
    }

    private static NumberTable TableOf(IReadOnlyList<NeuronMeaning> meanings) =>
        new(
            ["neuron", "what", "text", "number"],
            [
                .. meanings.SelectMany(meaning =>
                {
                    var name = string.Create(CultureInfo.InvariantCulture, $"layer {meaning.Layer}, neuron {meaning.Neuron}");
                    return (IEnumerable<IReadOnlyList<string>>)
                        [
                            .. meaning.Labels.Select(label =>
                                (string[])[name, "correlation with a label", label.Label, Numbers.Full(label.Correlation)]
                            ),
                            .. meaning.Words.Select(word =>
                                (string[])[name, "mean activation at a word", word.Word, Numbers.Full(word.With)]
                            ),
                            .. meaning.Examples.Select(example =>
                                (string[])
                                    [
                                        name,
                                        "activation at a token",
                                        VisibleText.OneLine(example.Token) + ": " + VisibleText.OneLine(example.Sentence),
                                        Numbers.Full(example.Activation),
                                    ]
                            ),
                        ];
                }),
            ]
        );
}
