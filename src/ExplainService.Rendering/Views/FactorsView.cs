using ExplainService.Methods.Inside;
using ExplainService.Rendering.Colours;
using ExplainService.Rendering.Layout;
using ExplainService.Rendering.Scenes;
using ExplainService.Rendering.Typography;

namespace ExplainService.Rendering.Views;

/// <summary>The text with each token in the colour of the factor that is strongest at it (Alammar 2021, "Ecco").</summary>
public sealed class FactorsView : IView
{
    /// <summary>A token at which every factor is weaker, beside the strongest, belongs to none.</summary>
    private const double Faintest = 0.05;

    private const double Swatch = 34;

    /// <summary>How many tokens tell what a factor is about.</summary>
    private const int NamedTokens = 6;

    /// <inheritdoc/>
    public string Name => "factors";

    /// <inheritdoc/>
    public int Fit(Subject subject) => subject.Explanation is NeuronsAnswer { Factors.Count: > 0 } ? 32 : 0;

    /// <inheritdoc/>
    public Scene Draw(Subject subject, PictureOptions options)
    {
        var answer = (NeuronsAnswer)subject.Explanation;
        var factors = answer.Factors!;
        var shown = Math.Min(factors.Count, Categories.Count);
        var caption = Caption.Of(
            subject,
            $"The text, each token in the colour of the factor that is strongest at it, its number below where it begins; below the text the {shown} factors with their strongest tokens and neurons.",
            FormattableString.Invariant($"{factors.Count} factors of the neurons’ activations: which fire together, and where")
        );
        var sheet = new Sheet(options.Width);
        sheet.Heading(caption);

        var ofText = answer.Tokens.Where(token => !token.Special).ToArray();
        var largest = ofText.Select(token => factors.Take(shown).Max(factor => factor.Tokens[token.Index])).DefaultIfEmpty(0).Max();
        var scale = options.Scale ?? (largest > 0 ? largest : 1);
        var remarks = new List<string>();
        foreach (var (text, where) in (IEnumerable<(string?, string?)>)[(subject.Text, null), (subject.Pair, "pair")])
        {
            if (text is not null)
            {
                var left = Passage.Draw(sheet, text, Parts(where), options.Palette);
                remarks.AddRange(TextView.LeftOut(left, inPair: where is not null));
                sheet.Y += 8;
            }
        }

        sheet.Y += 4;
        for (var factor = 0; factor < shown; factor++)
        {
            Entry(sheet, answer, factor, options.Top);
        }

        if (factors.Count > shown)
        {
            remarks.Add(
                FormattableString.Invariant(
                    $"More than {shown} colours cannot be told apart: the {factors.Count - shown} weaker factors are not drawn."
                )
            );
        }

        sheet.Remarks(
            remarks
                .Prepend(
                    $"A colour is as strong as the factor is at the token, up to {Numbers.Plain(scale)}. L: layer, N: neuron, with its weight in the factor."
                )
                .Concat(ColourScale.Remarks(largest, options))
                .Concat(Caption.Remarks(answer))
        );
        return sheet.Finish(
            caption,
            new NumberTable(
                ["token", .. factors.Select((_, factor) => FormattableString.Invariant($"factor {factor + 1}"))],
                [
                    .. answer.Tokens.Select(token =>
                        (IReadOnlyList<string>)
                            [
                                VisibleText.OneLine(PartNames.Of(token)),
                                .. factors.Select(factor => Numbers.Full(factor.Tokens[token.Index])),
                            ]
                    ),
                ]
            )
        );

        PassagePart[] Parts(string? where)
        {
            var offsets = new TextOffsets(subject);
            var (parts, before) = (new List<PassagePart>(), -1);
            foreach (var token in ofText.Where(token => token.In == where))
            {
                var strongest = Enumerable.Range(0, shown).MaxBy(factor => factors[factor].Tokens[token.Index]);
                var load = factors[strongest].Tokens[token.Index];
                var belongs = load / scale >= Faintest;
                parts.Add(
                    new PassagePart(
                        offsets.Of(token.In, token.Start),
                        offsets.Of(token.In, token.End),
                        Categories.Of(strongest, load / scale),
                        0,
                        FormattableString.Invariant(
                            $"{VisibleText.OneLine(PartNames.Of(token), VisibleText.MaxTipLength)}: factor {strongest + 1} ({Numbers.Plain(load)})"
                        )
                    )
                    {
                        // Once where a run of one factor begins.
                        Mark = belongs && strongest != before ? Numbers.Count(strongest + 1) : null,
                    }
                );
                before = belongs ? strongest : -1;
            }

            return [.. parts];
        }
    }

    /// <summary>A factor's colour, its strongest tokens and its neurons.</summary>
    private static void Entry(Sheet sheet, NeuronsAnswer answer, int factor, int top)
    {
        var (tokens, neurons) = (answer.Factors![factor].Tokens, answer.Factors[factor].Neurons);
        var names = answer
            .Tokens.Where(token => token.Index < tokens.Count && tokens[token.Index] > 0)
            .OrderByDescending(token => tokens[token.Index])
            .Select(token => PartNames.Of(token).Trim())
            .Where(name => name.Length > 0)
            .Distinct()
            .Take(NamedTokens);
        var colour = Categories.Of(factor);
        sheet.Add(new Box(sheet.Left, sheet.Y + 3, 22, 20, colour) { Radius = 2 });
        sheet.Add(
            new Label(sheet.Left + 11, sheet.Y + 17.5, Numbers.Count(factor + 1), Sheet.Small, colour.InkOn())
            {
                Anchor = Anchor.Middle,
                Bold = true,
            }
        );
        sheet.Indented(
            Swatch,
            () =>
            {
                sheet.Paragraph("at " + string.Join("  ", names.Select(Caption.Short)), Sheet.Text, Tone.Ink);
                sheet.Paragraph(
                    string.Join(
                        " · ",
                        neurons
                            .Take(top)
                            .Select(neuron =>
                                FormattableString.Invariant($"L{neuron.Layer}\u00A0N{neuron.Neuron}\u00A0{Numbers.Plain(neuron.Weight)}")
                            )
                    ),
                    Sheet.Small,
                    Tone.Faint
                );
            }
        );
        sheet.Y += 8;
    }
}
