using System.Text;
using ExplainService.Text.Units;

namespace ExplainService.Jobs.Inputs;

/// <summary>Words and phrases of a text, in lower case, and the text without them.</summary>
internal static class TextFeatures
{
    /// <summary>The words in order: what Unicode calls a word and holds a letter or a digit.</summary>
    public static IReadOnlyList<TextSpan> Words(string text) =>
        [.. TextUnits.Spans(text, Granularity.Word).Where(span => text.AsSpan(span.Start, span.End - span.Start).ContainsAnyWord())];

    /// <summary>A word as features are called.</summary>
    public static string Name(string text, TextSpan span) => text[span.Start..span.End].ToLowerInvariant();

    /// <summary>Where each feature stands in a text, in the order of their first occurrences.</summary>
    /// <param name="text">The text.</param>
    /// <param name="wanted">Words and phrases; null: every word.</param>
    public static IReadOnlyList<KeyValuePair<string, List<TextSpan>>> Find(string text, IReadOnlyList<string>? wanted)
    {
        var words = Words(text);
        string[] names = [.. words.Select(word => Name(text, word))];
        var found = new Dictionary<string, List<TextSpan>>(StringComparer.Ordinal);
        if (wanted is null)
        {
            for (var word = 0; word < words.Count; word++)
            {
                Add(names[word], words[word]);
            }
        }

        foreach (var feature in (wanted ?? []).Select(one => one.ToLowerInvariant()).Distinct(StringComparer.Ordinal))
        {
            string[] parts = [.. Words(feature).Select(part => Name(feature, part))];
            for (var first = 0; parts.Length > 0 && first + parts.Length <= names.Length; first++)
            {
                if (names.AsSpan(first, parts.Length).SequenceEqual(parts))
                {
                    Add(feature, new TextSpan(words[first].Start, words[first + parts.Length - 1].End));
                    first += parts.Length - 1;
                }
            }
        }

        return [.. found];

        void Add(string name, TextSpan span)
        {
            if (!found.TryGetValue(name, out var spans))
            {
                found[name] = spans = [];
            }

            spans.Add(span);
        }
    }

    /// <summary>The text with others in the place of spans; a span that nothing takes the place of goes with the white space behind it.</summary>
    /// <param name="text">The text.</param>
    /// <param name="spans">In order, without overlap.</param>
    /// <param name="other">What takes a place; null: nothing.</param>
    public static string Change(string text, IEnumerable<TextSpan> spans, Func<string?> other)
    {
        var changed = new StringBuilder(text.Length);
        var next = 0;
        foreach (var span in spans)
        {
            changed.Append(text, next, span.Start - next);
            next = span.End;
            if (other() is { } word)
            {
                changed.Append(word);
            }
            else if (next < text.Length && char.IsWhiteSpace(text[next]))
            {
                next++;
            }
        }

        return changed.Append(text, next, text.Length - next).ToString();
    }

    private static bool ContainsAnyWord(this ReadOnlySpan<char> word)
    {
        foreach (var rune in word.EnumerateRunes())
        {
            if (Rune.IsLetterOrDigit(rune))
            {
                return true;
            }
        }

        return false;
    }
}
