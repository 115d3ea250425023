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
        var (starts, at) = (new int[messages.Count], 0);
        var text = new System.Text.StringBuilder();
        foreach (var (index, message) in messages.Index())
        {
            Add((index > 0 ? Between : "") + message.Role + ": ");
            starts[index] = at;
            Add(message.Content);
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

        void Add(string part)
        {
            text.Append(part);
            at += unit == OffsetUnit.Codepoint ? new OffsetUnits(part).CodePoints : part.Length;
        }

        int By(int? message) => message is { } index ? starts[index] : 0;

        TokenAnswer Moved(TokenAnswer token) => token with { Start = token.Start + By(token.Message), End = token.End + By(token.Message) };

        WindowAnswer Window(WindowAnswer window) =>
            window with
            {
                Start = window.Start + By(window.Message),
                End = window.End + By(window.Message),
            };

        UnitAnswer[] Units(IReadOnlyList<UnitAnswer> all) => [.. all.Select(Unit)];

        UnitAnswer Unit(UnitAnswer one) =>
            one with
            {
                Start = one.Start + By(one.Message),
                End = one.End + By(one.Message),
                Units = one.Units is null ? null : Units(one.Units),
            };
    }
}
