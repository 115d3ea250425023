using ExplainService.Methods.Attention;
using ExplainService.Methods.Contracts;
using ExplainService.Methods.Occlusion;
using ExplainService.Text;

namespace ExplainService.Rendering;

/// <summary>A conversation as one text, as pictures show it: every message a paragraph behind the name of its role.</summary>
internal static class ConversationText
{
    private const string Between = "\n\n";

    /// <summary>The text, and the answer with its offsets in it.</summary>
    public static Subject Of(IReadOnlyList<MessageRequest> messages, Explanation answer, OffsetUnit unit)
    {
        var starts = new int[messages.Count];
        var text = new System.Text.StringBuilder();
        foreach (var (index, message) in messages.Index())
        {
            text.Append(index > 0 ? Between : "").Append(message.Role).Append(": ");
            starts[index] = unit == OffsetUnit.Codepoint ? new OffsetUnits(text.ToString()).CodePoints : text.Length;
            text.Append(message.Content);
        }

        answer = answer with { Tokens = [.. answer.Tokens.Select(Moved)] };
        return new Subject(
            answer switch
            {
                OcclusionAnswer occlusion => occlusion with
                {
                    Units = Units(occlusion.Units),
                    Windows = [.. occlusion.Windows.Select(Window)],
                },
                UnitExplanation units => units with { Units = Units(units.Units) },
                AttentionAnswer { Units: { } rows } attention => attention with { Units = Units(rows) },
                _ => answer,
            },
            text.ToString(),
            null,
            unit
        );

        TokenAnswer Moved(TokenAnswer token) =>
            token.Message is { } message ? token with { Start = token.Start + starts[message], End = token.End + starts[message] } : token;

        WindowAnswer Window(WindowAnswer window) =>
            window.Message is { } message
                ? window with
                {
                    Start = window.Start + starts[message],
                    End = window.End + starts[message],
                }
                : window;

        UnitAnswer[] Units(IReadOnlyList<UnitAnswer> all) => [.. all.Select(Unit)];

        UnitAnswer Unit(UnitAnswer one) =>
            one.Message is not { } message
                ? one
                : one with
                {
                    Start = one.Start + starts[message],
                    End = one.End + starts[message],
                    Units = one.Units is null ? null : Units(one.Units),
                };
    }
}
