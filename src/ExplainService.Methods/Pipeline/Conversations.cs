using ExplainService.Methods.Contracts;
using ExplainService.Runtime;
using ExplainService.Text;
using ExplainService.Text.ChatTemplates;

namespace ExplainService.Methods.Pipeline;

/// <summary>Messages as the prompt that a model reads, whose units are what the messages say.</summary>
internal static class Conversations
{
    /// <summary>The most messages of a request.</summary>
    public const int MaxMessages = 1000;

    /// <summary>The request with the prompt for its text; as it is where it has no messages.</summary>
    /// <exception cref="InvalidRequestException">The model has no chat template, or it does not take these messages (422).</exception>
    public static TextRequest Rendered(
        ILoadedModel model,
        TextRequest request,
        DateTimeOffset now,
        ICollection<Warning> warnings,
        CancellationToken cancellationToken
    )
    {
        if (request.Messages is not { } messages)
        {
            return request;
        }

        try
        {
            var template =
                model.Tokenizer.ChatTemplate
                ?? throw InvalidRequestException.CannotDo(
                    "messages",
                    "This model's folder has no chat template, so that nobody knows how it reads a conversation; write it as \"text\"."
                );
            var prompt = template.Render(
                [.. messages.Select(message => new ChatMessage(message.Role, message.Content))],
                now,
                cancellationToken
            );
            foreach (var (index, count) in prompt.LeftOut().Index())
            {
                if (count > 0)
                {
                    warnings.Add(
                        new Warning(
                            WarningCode.ContentLeftOut,
                            FormattableString.Invariant(
                                $"The chat template leaves out {count} characters of message {index}: the model does not see them, and they have no score."
                            )
                        )
                    );
                }
            }

            return request with
            {
                Text = prompt.Text,
                Prompt = prompt,
            };
        }
        catch (ChatTemplateException refused)
        {
            throw InvalidRequestException.CannotDo("messages", refused.Message);
        }
    }

    /// <summary>The prompt's tokens: those of a content count in it, and the template's own are special, which nothing replaces.</summary>
    public static Encoding Encode(ILoadedModel model, ChatPrompt prompt, CancellationToken cancellationToken)
    {
        var whole = model.Tokenizer.Encode(prompt.Text, addSpecialTokens: false, cancellationToken: cancellationToken);
        return new Encoding([.. whole.Tokens.Select(token => Placed(token, prompt))]);
    }

    private static Token Placed(Token token, ChatPrompt prompt)
    {
        var found = prompt.SourceOf(token.Start, token.End);
        if (found is not { } place || IsWhiteSpaceBetween(token, prompt, place))
        {
            return token with { Start = 0, End = 0, Special = true, Word = null, Sequence = -1 };
        }

        return token with
        {
            Start = place.Start,
            End = place.End,
            Sequence = place.Message,
        };
    }

    /// <summary>White space of a content that a token joins to the template's own says nothing of the content.</summary>
    private static bool IsWhiteSpaceBetween(Token token, ChatPrompt prompt, (int Message, int Start, int End) place) =>
        place.End - place.Start < token.End - token.Start
        && prompt.Messages[place.Message].Content.AsSpan(place.Start, place.End - place.Start).IsWhiteSpace();
}
