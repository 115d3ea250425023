namespace ExplainService.Text.Units;

/// <summary>White space at the ends of stretches of text. Byte-level vocabularies keep the space before a word in the word's token.</summary>
public static class WhiteSpace
{
    /// <summary>The first character of a stretch that is no white space; its last where all of it is.</summary>
    /// <param name="text">The text.</param>
    /// <param name="start">Start of the stretch, UTF-16.</param>
    /// <param name="end">End of the stretch, UTF-16.</param>
    public static int Skip(string text, int start, int end)
    {
        ArgumentNullException.ThrowIfNull(text);
        while (start < end - 1 && char.IsWhiteSpace(text[start]))
        {
            start++;
        }

        return start;
    }

    /// <summary>The end of a stretch without the white space at its end; its start where all of it is.</summary>
    /// <inheritdoc cref="Skip"/>
    public static int End(string text, int start, int end)
    {
        ArgumentNullException.ThrowIfNull(text);
        while (end > start && char.IsWhiteSpace(text[end - 1]))
        {
            end--;
        }

        return end;
    }
}
