using System.Text;

namespace ExplainService.Text.Families;

/// <summary>
/// A WordPiece vocabulary as Microsoft.ML.Tokenizers reads it: a line an entry. An entry that does not begin a word is there a second
/// time behind a prefix that no text holds, so that a text behind that prefix is read as the middle of a word. A character without an
/// entry there gets one without an id, so that a window is never unknown only because it ends within an entry.
/// </summary>
internal sealed class WordPieceVocabulary
{
    private readonly List<(int? Id, int Length)> entries = [];
    private readonly char lineFeed;
    private readonly char carriageReturn;

    /// <param name="vocabulary">The entries.</param>
    /// <param name="usualPrefix">What entries carry that do not begin a word.</param>
    /// <param name="output">Takes the lines, and is left at its beginning.</param>
    public WordPieceVocabulary(Vocabulary vocabulary, string usualPrefix, Stream output)
    {
        var alphabet = vocabulary.Ids.Keys.SelectMany(token => token.EnumerateRunes()).ToHashSet();
        var unused = Enumerable.Range(0xE000, 0x1900).Where(value => !alphabet.Contains(new Rune(value))).Take(3).ToArray();
        (Prefix, lineFeed, carriageReturn) = (((char)unused[0]).ToString(), (char)unused[1], (char)unused[2]);

        // With its own byte order mark, so that one in the first entry is not taken for it.
        using var writer = new StreamWriter(output, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true), leaveOpen: true);
        Add("", Unknown, null);
        foreach (var (token, id) in vocabulary.Ids)
        {
            Add("", token, id);
            if (token.Length > usualPrefix.Length && token.StartsWith(usualPrefix, StringComparison.Ordinal))
            {
                Add(Prefix, token[usualPrefix.Length..], id);
            }
        }

        foreach (var character in alphabet.Select(rune => rune.ToString()).Where(text => vocabulary.IdOf(usualPrefix + text) is null))
        {
            Add(Prefix, character, null);
        }

        writer.Flush();
        output.Position = 0;

        void Add(string mark, string text, int? id)
        {
            writer.Write(mark);
            writer.Write(Escape(text));
            writer.Write('\n');
            entries.Add((id, text.Length));
        }
    }

    /// <summary>What entries carry here that do not begin a word.</summary>
    public string Prefix { get; }

    /// <summary>What the package answers for a word with a part that has no entry; no text holds it.</summary>
    public string Unknown => Prefix + Prefix;

    /// <summary>The id of a line's entry and how many code units of a word it covers; no id for a line that is not the vocabulary's.</summary>
    public (int? Id, int Length) this[int line] => entries[line];

    /// <summary>Whether a word has none of the characters that mean something else here; no entry has one either.</summary>
    public bool CanHold(ReadOnlySpan<char> word) => !word.ContainsAny(Prefix[0], lineFeed, carriageReturn);

    /// <summary>A text without line breaks, which would end a line.</summary>
    public ReadOnlySpan<char> Escape(ReadOnlySpan<char> word)
    {
        if (!word.ContainsAny('\n', '\r'))
        {
            return word;
        }

        var escaped = word.ToArray().AsSpan();
        escaped.Replace('\n', lineFeed);
        escaped.Replace('\r', carriageReturn);
        return escaped;
    }
}
