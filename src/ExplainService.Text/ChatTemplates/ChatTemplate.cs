using ExplainService.Text.ChatTemplates.Jinja;

namespace ExplainService.Text.ChatTemplates;

/// <summary>
/// A model's own way of writing a conversation as a prompt: Jinja, as Transformers renders it (blocks trimmed, ending with the beginning of an
/// answer). Immutable and safe for many threads at once.
/// </summary>
public sealed class ChatTemplate
{
    private readonly JinjaTemplate template;
    private readonly IReadOnlyDictionary<string, string> tokens;

    /// <param name="source">The template.</param>
    /// <param name="tokens">Texts of the special tokens by their names (<c>bos_token</c>), which templates write.</param>
    /// <exception cref="ChatTemplateException">It is not valid, or not supported.</exception>
    internal ChatTemplate(string source, IReadOnlyDictionary<string, string> tokens)
    {
        template = JinjaTemplate.Parse(source);
        this.tokens = tokens;
    }

    /// <summary>Writes a conversation up to where the answer begins.</summary>
    /// <param name="messages">The messages.</param>
    /// <param name="now">The time, for templates that write the date.</param>
    /// <param name="cancellationToken">Nobody waits any more.</param>
    /// <exception cref="ChatTemplateException">The template refuses the messages, or does more than a prompt needs.</exception>
    public ChatPrompt Render(IReadOnlyList<ChatMessage> messages, DateTimeOffset now, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        var starts = ChatPrompt.StartsOf(messages);
        var variables = new Dictionary<string, object?>
        {
            ["messages"] = messages
                .Select(
                    (message, index) =>
                        (object?)
                            new JinjaMap
                            {
                                ["role"] = TracedText.Own(message.Role),
                                ["content"] = TracedText.From(message.Content, starts[index]),
                            }
                )
                .ToList(),
            ["add_generation_prompt"] = true,
            ["tools"] = null,
            ["documents"] = null,
        };
        foreach (var (name, text) in tokens)
        {
            variables[name] = TracedText.Own(text);
        }

        var written = template.Render(variables, now, cancellationToken);
        var prompt = new ChatPrompt(written.Text, written.Origins, messages);
        return prompt.Repeats() ? throw ChatTemplateException.Unsupported("the content of a message more than once") : prompt;
    }
}
