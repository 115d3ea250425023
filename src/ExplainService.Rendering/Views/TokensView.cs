using ExplainService.Methods.Contracts;
using ExplainService.Rendering.Colours;
using ExplainService.Rendering.Layout;
using ExplainService.Rendering.Scenes;
using ExplainService.Rendering.Typography;

namespace ExplainService.Rendering.Views;

/// <summary>
/// The tokens that the model sees, in the text that they come from; with what the model calls each, where it classifies tokens.
/// </summary>
public sealed class TokensView : IView
{
    /// <inheritdoc/>
    public string Name => "tokens";

    /// <inheritdoc/>
    public int Fit(Subject subject) =>
        subject.Explanation is { Tokens.Count: > 0 } answer
            ? answer.Method is "tokenize" || answer.Prediction?.Tokens is not null
                ? 9
                : 3
            : 0;

    /// <inheritdoc/>
    public Scene Draw(Subject subject, PictureOptions options)
    {
        var answer = subject.Explanation;
        var tokens = answer.Tokens!;
        var labels = (answer.Prediction?.Tokens ?? []).ToDictionary(token => token.Token);
        var strongest = labels.Values.Select(token => token.Index).Distinct().Order().ToArray();
        var special = tokens.Where(token => token.Special).ToArray();
        var caption = Caption.Of(
            subject,
            $"The text in its {tokens.Count - special.Length} tokens, on alternating grounds; the model sees {special.Length} special tokens besides."
                + (answer.Prediction?.Span is null ? "" : " The predicted answer is coloured."),
            FormattableString.Invariant($"{tokens.Count} tokens")
        );
        var sheet = new Sheet(options.Width);
        sheet.Heading(caption);
        var offsets = new TextOffsets(subject);
        foreach (var (text, where) in (IEnumerable<(string?, string?)>)[(subject.Text, null), (subject.Pair, "pair")])
        {
            if (text is not null)
            {
                sheet.Y += where is null ? 0 : 8;
                Passage.Draw(
                    sheet,
                    text,
                    [.. tokens.Where(token => !token.Special && token.In == where).Select((token, at) => Shown(token, at))],
                    options.Palette
                );
            }
        }

        var tagged = tokens
            .Where(token => labels.ContainsKey(token.Index) && !token.Special)
            .Select(token => $"{Caption.Short(token.Text)} {labels[token.Index].Label}")
            .Take(options.Top);
        sheet.Remarks(
            (
                (IEnumerable<string>)
                    [
                        "Special: "
                            + (
                                special.Length == 0
                                    ? "none"
                                    : string.Join(" ", special.Take(20).Select(token => Caption.Short(token.Token)))
                            ),
                        .. labels.Count > 0 ? (string[])["Classes: " + string.Join(" · ", tagged)] : [],
                    ]
            ).Concat(Caption.Remarks(answer))
        );
        return sheet.Finish(
            caption,
            new NumberTable(
                ["index", "id", "token", "text", "start", "end", .. labels.Count > 0 ? (string[])["class"] : []],
                [
                    .. tokens.Select(token =>
                        (IReadOnlyList<string>)
                            [
                                Numbers.Count(token.Index),
                                Numbers.Count(token.Id),
                                VisibleText.OneLine(token.Token),
                                VisibleText.OneLine(token.Text),
                                Numbers.Count(token.Start),
                                Numbers.Count(token.End),
                                .. labels.Count > 0 ? (string[])[labels.TryGetValue(token.Index, out var label) ? label.Label : ""] : [],
                            ]
                    ),
                ]
            )
        );

        PassagePart Shown(TokenAnswer token, int at)
        {
            var tip = FormattableString.Invariant(
                $"{token.Index}: {VisibleText.OneLine(token.Token, VisibleText.MaxTipLength)} (id {token.Id})"
            );
            var ground = at % 2 == 0 ? Tone.Panel : Tone.Rule;
            if (answer.Prediction?.Span is { } span && token.Index >= span.StartToken && token.Index <= span.EndToken)
            {
                tip += ": in the answer";
                ground = options.Palette.Signed(0.6);
            }

            if (labels.TryGetValue(token.Index, out var label))
            {
                tip += $": {label.Label} ({Numbers.Plain(label.Probability)})";

                // The commonest class, usually "none of them", stays on a quiet ground.
                ground = strongest.Length > 1 && label.Label is not "O" ? options.Palette.Signed(0.35) : Tone.Panel;
            }

            return new PassagePart(offsets.Of(token.In, token.Start), offsets.Of(token.In, token.End), ground, 0, tip);
        }
    }
}
