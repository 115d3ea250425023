namespace ExplainService.Text.ChatTemplates;

/// <summary>A conversation as a model reads it.</summary>
/// <param name="Text">The prompt.</param>
/// <param name="Messages">The messages that it was made of.</param>
public sealed record ChatPrompt(string Text, IReadOnlyList<ChatMessage> Messages)
{
    private readonly int[]? origins;
    private readonly int[] starts = [];

    /// <summary>A prompt of which every character is known to come from a content or not.</summary>
    /// <param name="text">The prompt.</param>
    /// <param name="origins">For every character its place in the contents one behind the other; −1: the template's. Null: all are its own.</param>
    /// <param name="messages">The messages.</param>
    internal ChatPrompt(string text, int[]? origins, IReadOnlyList<ChatMessage> messages)
        : this(text, messages)
    {
        this.origins = origins;
        starts = StartsOf(messages);
    }

    /// <summary>Where a stretch of the prompt comes from: a message and the range of its content; null: all of it is the template's.</summary>
    /// <remarks>A stretch that touches several messages is the first's.</remarks>
    public (int Message, int Start, int End)? SourceOf(int start, int end)
    {
        (int Message, int Start, int End)? found = null;
        for (var at = start; origins is not null && at < end; at++)
        {
            if (origins[at] < 0)
            {
                continue;
            }

            var message = MessageOf(origins[at]);
            var place = origins[at] - starts[message];
            if (found is not { } known)
            {
                found = (message, place, place + 1);
            }
            else if (known.Message == message)
            {
                found = (message, Math.Min(known.Start, place), Math.Max(known.End, place + 1));
            }
        }

        return found;
    }

    /// <summary>Characters other than white space that the template leaves out of each message's content.</summary>
    public IReadOnlyList<int> LeftOut()
    {
        var written = Written();
        return
        [
            .. Messages.Select(
                (message, index) =>
                    message.Content.Index().Count(letter => !char.IsWhiteSpace(letter.Item) && written[starts[index] + letter.Index] == 0)
            ),
        ];
    }

    /// <summary>Whether some of a content is written more than once.</summary>
    internal bool Repeats() => Array.Exists(Written(), count => count > 1);

    /// <summary>Where each content begins among all of them.</summary>
    internal static int[] StartsOf(IReadOnlyList<ChatMessage> messages)
    {
        var starts = new int[messages.Count];
        for (var index = 1; index < starts.Length; index++)
        {
            starts[index] = starts[index - 1] + messages[index - 1].Content.Length;
        }

        return starts;
    }

    private int[] Written()
    {
        var written = new int[Messages.Sum(message => message.Content.Length)];
        foreach (var origin in (origins ?? []).Where(origin => origin >= 0))
        {
            written[origin]++;
        }

        return written;
    }

    /// <summary>The last message that begins at a place or before it: empty ones begin where the next does.</summary>
    private int MessageOf(int origin)
    {
        var found = Array.BinarySearch(starts, origin);
        if (found < 0)
        {
            return ~found - 1;
        }

        while (found + 1 < starts.Length && starts[found + 1] == origin)
        {
            found++;
        }

        return found;
    }
}
