namespace ExplainService.Text.Added;

/// <summary>Marian's code of the target language, <c>&gt;&gt;fra&lt;&lt;</c>: an entry of the vocabulary that no added token declares.</summary>
internal static class LanguageCode
{
    /// <summary>How long the code is that a text begins with: up to the last closing mark of its first line, as Transformers reads it.</summary>
    /// <returns>Zero where there is none.</returns>
    public static int Length(ReadOnlySpan<char> text)
    {
        if (!text.StartsWith(">>", StringComparison.Ordinal))
        {
            return 0;
        }

        var line = text.IndexOf('\n') is >= 0 and var end ? text[..end] : text;
        var close = line.LastIndexOf("<<", StringComparison.Ordinal);
        return close > 2 ? close + 2 : 0;
    }
}
