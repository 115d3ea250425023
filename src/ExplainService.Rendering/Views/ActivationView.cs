using ExplainService.Methods.Contracts;
using ExplainService.Methods.Inside;
using ExplainService.Rendering.Colours;
using ExplainService.Rendering.Layout;
using ExplainService.Rendering.Scenes;
using ExplainService.Rendering.Typography;

namespace ExplainService.Rendering.Views;

/// <summary>Neurons over the text: those that the request names, else each layer's strongest.</summary>
public sealed class ActivationView : IView
{
    /// <inheritdoc/>
    public string Name => "activation";

    /// <inheritdoc/>
    public int Fit(Subject subject) => subject.Explanation is NeuronsAnswer { Activations.Count: > 0 } ? 30 : 0;

    /// <inheritdoc/>
    public Scene Draw(Subject subject, PictureOptions options)
    {
        var answer = (NeuronsAnswer)subject.Explanation;
        var neurons = Chosen(answer, options);

        // As many as a reader gets through: together no more text than of one long one.
        var length = Math.Max(1, subject.Text.Length + (subject.Pair?.Length ?? 0));
        var drawn = neurons.Take(Math.Clamp(Passage.MaxCharacters / length, 1, options.Top)).ToArray();
        var ofText = answer.Tokens.Where(token => !token.Special).ToArray();
        var largest = drawn.SelectMany(neuron => ofText.Select(token => Math.Abs(neuron.Tokens[token.Index]))).DefaultIfEmpty(0).Max();
        var caption = Caption.Of(
            subject,
            $"The text once for each of {drawn.Length} neurons, each token coloured by the neuron's activation at it, all on one scale.",
            neurons.Length == 1
                ? FormattableString.Invariant($"Layer {neurons[0].Layer}, neuron {neurons[0].Neuron}: its activation at each token")
                : "Activations of neurons at each token"
        );
        var sheet = new Sheet(options.Width);
        sheet.Heading(caption);

        var isSigned = drawn.Any(neuron => ofText.Any(token => neuron.Tokens[token.Index] < 0));
        var written = NumberScale.Of(options.Scale ?? largest);
        IEnumerable<string> remarks = [];
        foreach (var neuron in drawn)
        {
            sheet.Paragraph(
                FormattableString.Invariant($"Layer {neuron.Layer}, neuron {neuron.Neuron}: ")
                    + string.Join("; ", Strongest(answer, neuron, written)),
                Sheet.Text,
                Tone.Ink,
                bold: true
            );
            sheet.Y += 5;
            remarks = TextView.DrawTexts(sheet, subject, Over(subject, neuron, isSigned, largest), options);
            sheet.Y += 10;
        }

        if (isSigned)
        {
            Legend.Signed(sheet, options.Palette, ColourScale.Of(largest, 0, options));
        }
        else
        {
            Legend.Strength(sheet, options.Palette, ColourScale.Of(largest, 0, options));
        }

        sheet.Remarks(
            remarks
                .Concat(ColourScale.Remarks(largest, options, "Activations"))
                .Concat(LeftOut(neurons.Length - drawn.Length))
                .Concat(Caption.Remarks(answer))
        );
        return sheet.Finish(
            caption,
            new NumberTable(
                ["token", .. drawn.Select(neuron => FormattableString.Invariant($"layer {neuron.Layer}, neuron {neuron.Neuron}"))],
                [
                    .. answer.Tokens.Select(token =>
                        (IReadOnlyList<string>)
                            [VisibleText.OneLine(PartNames.Of(token)), .. drawn.Select(neuron => Numbers.Full(neuron.Tokens[token.Index]))]
                    ),
                ]
            )
        );
    }

    /// <summary>Where it is strongest in the text; beside it where it is stronger still, at a special token.</summary>
    private static IEnumerable<string> Strongest(NeuronsAnswer answer, NeuronActivations neuron, NumberScale written)
    {
        double Size(TokenAnswer token) => Math.Abs(neuron.Tokens[token.Index]);

        var strongest = answer.Tokens.Where(token => !token.Special).MaxBy(Size);
        var special = answer.Tokens.Where(token => token.Special).MaxBy(Size);
        return (
            (IEnumerable<TokenAnswer?>)
                [strongest, special is not null && (strongest is null || Size(special) > Size(strongest)) ? special : null]
        )
            .OfType<TokenAnswer>()
            .Select(token => $"{written.Plain(neuron.Tokens[token.Index])} at “{Caption.Short(PartNames.Of(token).Trim())}”");
    }

    /// <summary>Says how many neurons are not drawn.</summary>
    internal static IEnumerable<string> LeftOut(int neurons) =>
        neurons == 0 ? [] : [FormattableString.Invariant($"{neurons} more neurons are not drawn.")];

    private static NeuronActivations[] Chosen(NeuronsAnswer answer, PictureOptions options)
    {
        NeuronActivations[] chosen = [.. answer.Activations.Where(neuron => options.Layer is null || neuron.Layer == options.Layer)];
        return chosen.Length > 0
            ? chosen
            : throw InvalidRequestException.CannotDo(
                "layer",
                "this answer tells the activations of neurons of layers "
                    + string.Join(", ", answer.Activations.Select(neuron => Numbers.Count(neuron.Layer)).Distinct())
            );
    }

    private static Attribution Over(Subject subject, NeuronActivations neuron, bool isSigned, double largest)
    {
        var offsets = new TextOffsets(subject);
        return new Attribution(
            [
                .. subject
                    .Explanation.Tokens.Where(token => !token.Special)
                    .Select(token => new ScoredPart(
                        PartNames.Of(token),
                        token.In == "pair",
                        offsets.Of(token.In, token.Start),
                        offsets.Of(token.In, token.End),
                        neuron.Tokens[token.Index]
                    )),
            ],
            isSigned
        )
        {
            Floor = largest,
        };
    }
}
