namespace ExplainService.Text;

/// <summary>A chat template cannot be read, holds something that is not supported, or refuses the messages. The message says which.</summary>
/// <param name="message">A sentence that holds nothing of the messages.</param>
public sealed class ChatTemplateException(string message) : Exception(message)
{
    /// <summary>The template, or what it does with these messages, is more than is computed for a prompt.</summary>
    public static ChatTemplateException TooMuch(string what) => new($"The chat template {what}; this service ends it there.");

    /// <summary>A construct of Jinja that is not supported.</summary>
    public static ChatTemplateException Unsupported(string construct) =>
        new($"The chat template uses {construct}, which this service does not support.");

    /// <summary>What Jinja itself would refuse.</summary>
    public static ChatTemplateException Failed(string why) => new($"The chat template fails: {why}.");
}
