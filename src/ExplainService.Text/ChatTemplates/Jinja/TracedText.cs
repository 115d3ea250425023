namespace ExplainService.Text.ChatTemplates.Jinja;

/// <summary>
/// A text of which every character is known to be a template's own or to come from a message, through everything that a template does to it:
/// a unit of a prompt is what the caller wrote, wherever the template puts it.
/// </summary>
/// <param name="Text">The text.</param>
/// <param name="Origins">For every character its place in the messages' contents, or −1; null: none comes from there.</param>
internal sealed record TracedText(string Text, int[]? Origins)
{
    public static TracedText Empty { get; } = Own("");

    public int Length => Text.Length;

    /// <summary>A text of the template's own.</summary>
    public static TracedText Own(string text) => new(text, null);

    /// <summary>A content that begins at a place among all of them.</summary>
    public static TracedText From(string text, int start) => new(text, [.. Enumerable.Range(start, text.Length)]);

    public static TracedText Join(IEnumerable<TracedText> parts, TracedText? between = null)
    {
        var all = new TracedBuilder();
        var first = true;
        foreach (var part in parts)
        {
            if (!first && between is not null)
            {
                all.Add(between);
            }

            all.Add(part);
            first = false;
        }

        return all.ToText();
    }

    public TracedText Slice(int start, int length) => new(Text.Substring(start, length), Origins?.AsSpan(start, length).ToArray());

    /// <summary>Other letters in the same places; where they are more or fewer, nobody knows which is which.</summary>
    public TracedText Mapped(Func<string, string> change)
    {
        var changed = change(Text);
        return new TracedText(changed, changed.Length == Text.Length ? Origins : null);
    }

    /// <summary>Without some characters at the ends; white space where none are named.</summary>
    public TracedText Trimmed(string? characters, bool start, bool end)
    {
        var (from, to) = (0, Text.Length);
        while (start && from < to && Goes(Text[from]))
        {
            from++;
        }

        while (end && to > from && Goes(Text[to - 1]))
        {
            to--;
        }

        return Slice(from, to - from);

        bool Goes(char letter) => characters is null ? char.IsWhiteSpace(letter) : characters.Contains(letter, StringComparison.Ordinal);
    }

    /// <summary>Cut at a separator, at most so many times; at runs of white space where there is none.</summary>
    public List<TracedText> Split(string? separator, int most, bool fromEnd = false)
    {
        var cuts = new List<(int Start, int End)>();
        if (separator is null)
        {
            for (var at = 0; at < Text.Length; at++)
            {
                var start = at;
                while (at < Text.Length && char.IsWhiteSpace(Text[at]))
                {
                    at++;
                }

                if (at > start)
                {
                    cuts.Add((start, at));
                }
            }

            if (Text.Trim().Length == 0)
            {
                return [];
            }

            cuts.RemoveAll(cut => cut.Start == 0 || cut.End == Text.Length);
        }
        else
        {
            for (
                var at = Text.IndexOf(separator, StringComparison.Ordinal);
                at >= 0;
                at = Text.IndexOf(separator, at + separator.Length, StringComparison.Ordinal)
            )
            {
                cuts.Add((at, at + separator.Length));
            }
        }

        if (most >= 0 && cuts.Count > most)
        {
            cuts = fromEnd ? cuts[^most..] : cuts[..most];
        }

        var whole = separator is null
            ? (Start: Text.Length - Text.TrimStart().Length, End: Text.TrimEnd().Length)
            : (Start: 0, End: Text.Length);
        var parts = new List<TracedText>();
        var begin = whole.Start;
        foreach (var (start, end) in cuts)
        {
            parts.Add(Slice(begin, start - begin));
            begin = end;
        }

        parts.Add(Slice(begin, whole.End - begin));
        return parts;
    }

    public TracedText Replace(string old, TracedText by, int most)
    {
        return old.Length == 0 ? throw ChatTemplateException.Unsupported("a replacement of nothing") : Join(Split(old, most), by);
    }

    public bool Equals(TracedText? other) => other is not null && Text == other.Text;

    public override int GetHashCode() => Text.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => Text;
}
