using System.Text;

namespace ExplainService.Text.Alignment;

/// <summary>
/// Text on its way to the vocabulary, every UTF-16 code unit of which remembers the range of the caller's text it stands for.
/// Both halves of a surrogate pair carry the whole character's range, so that offsets stay on character boundaries.
/// </summary>
internal sealed class AlignedText(int capacity)
{
    private char[] chars = new char[Math.Max(4, capacity)];
    private int[] starts = new int[Math.Max(4, capacity)];
    private int[] ends = new int[Math.Max(4, capacity)];

    public int Length { get; private set; }

    public ReadOnlySpan<char> Span => chars.AsSpan(0, Length);

    public char this[int index] => chars[index];

    /// <summary>The caller's text unchanged; lone surrogates become U+FFFD in place.</summary>
    public static AlignedText Of(string text)
    {
        var aligned = new AlignedText(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i]))
            {
                aligned.Append(text[i], i, i + 1);
            }
            else if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                aligned.Append(text[i], i, i + 2);
                aligned.Append(text[i + 1], i, i + 2);
                i++;
            }
            else
            {
                aligned.Append('\uFFFD', i, i + 1);
            }
        }

        return aligned;
    }

    public int StartAt(int index) => starts[index];

    public int EndAt(int index) => ends[index];

    /// <summary>The length in code units of the character at <paramref name="index"/>: 1, or 2 for a surrogate pair.</summary>
    public int RuneLength(int index) => char.IsHighSurrogate(chars[index]) && index + 1 < Length ? 2 : 1;

    public Rune RuneAt(int index) => RuneLength(index) == 2 ? new Rune(chars[index], chars[index + 1]) : new Rune(chars[index]);

    public void Append(char value, int start, int end)
    {
        if (Length == chars.Length)
        {
            Grow(Length * 2);
        }

        TextWork.Check(Length);
        chars[Length] = value;
        starts[Length] = start;
        ends[Length++] = end;
    }

    public void Append(Rune value, int start, int end)
    {
        Span<char> units = stackalloc char[2];
        var count = value.EncodeToUtf16(units);
        for (var i = 0; i < count; i++)
        {
            Append(units[i], start, end);
        }
    }

    /// <summary>Appends characters of <paramref name="source"/> with their own ranges.</summary>
    public void Append(AlignedText source, int start, int length)
    {
        if (Length + length > chars.Length)
        {
            Grow(Math.Max(Length + length, chars.Length * 2));
        }

        TextWork.Check();
        Array.Copy(source.chars, start, chars, Length, length);
        Array.Copy(source.starts, start, starts, Length, length);
        Array.Copy(source.ends, start, ends, Length, length);
        Length += length;
    }

    /// <summary>Replaces a character wherever it is. Only for a text that nobody else holds yet.</summary>
    public void Replace(char old, char value) => chars.AsSpan(0, Length).Replace(old, value);

    public AlignedText Slice(int start, int length)
    {
        var slice = new AlignedText(length);
        slice.Append(this, start, length);
        return slice;
    }

    /// <summary>
    /// Rewrites the text as Hugging Face's <c>NormalizedString::transform</c> does: a change of 0 replaces the next character, −n
    /// replaces it and removes n more, and a positive change inserts a character that shares the range of the one before.
    /// </summary>
    public AlignedText Transform(List<(Rune Value, int Change)> changes)
    {
        var result = new AlignedText(changes.Count + 4);
        var position = 0;
        foreach (var (value, change) in changes)
        {
            if (change > 0)
            {
                result.Append(value, position < 1 ? 0 : starts[position - 1], position < 1 ? 0 : ends[position - 1]);
                continue;
            }

            // Fewer characters than replacements means that earlier removals went unnoticed; the last character's range is kept.
            var at = Math.Min(position, Length - 1);
            result.Append(value, starts[at], ends[at]);
            for (var skip = 0; skip <= -change && position < Length; skip++)
            {
                position += RuneLength(position);
            }
        }

        return result;
    }

    private void Grow(int capacity)
    {
        Array.Resize(ref chars, capacity);
        Array.Resize(ref starts, capacity);
        Array.Resize(ref ends, capacity);
    }
}
