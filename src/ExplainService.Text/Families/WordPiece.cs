using Microsoft.ML.Tokenizers;

namespace ExplainService.Text.Families;

/// <summary>
/// WordPiece (Wu et al. 2016): the longest entry that begins the rest of the word, until nothing is left. Microsoft.ML.Tokenizers
/// finds the entries; a long word is handed to it in windows, because it tries every end of what it is given.
/// </summary>
internal sealed class WordPiece : TokenFamily
{
    private readonly WordPieceVocabulary lines;
    private readonly WordPieceTokenizer core;
    private readonly int? unknown;
    private readonly int longestWord;
    private readonly int longestEntry;
    private readonly int window;

    /// <param name="vocabulary">The entries.</param>
    /// <param name="unknownToken">What a word is that has a part without an entry.</param>
    /// <param name="prefix">What entries carry that do not begin a word.</param>
    /// <param name="longestWord">The most characters of a word; a longer one is unknown.</param>
    public WordPiece(Vocabulary vocabulary, string unknownToken, string prefix, int longestWord)
        : base(vocabulary)
    {
        unknown = vocabulary.IdOf(unknownToken);
        MissingUnknown = unknown is null ? unknownToken : null;
        this.longestWord = longestWord;
        longestEntry = vocabulary.Ids.Keys.Max(token => token.Length);
        window = 2 * longestEntry;
        using var stream = new MemoryStream();
        lines = new WordPieceVocabulary(vocabulary, prefix, stream);
        core = WordPieceTokenizer.Create(
            stream,
            new WordPieceOptions
            {
                UnknownToken = lines.Unknown,
                ContinuingSubwordPrefix = lines.Prefix,
                MaxInputCharsPerWord = lines.Prefix.Length + window,
            }
        );
    }

    /// <inheritdoc/>
    public override int? Unknown => unknown;

    protected override void Find(ReadOnlySpan<char> piece, List<FamilyToken> output)
    {
        var tooLong = piece.Length > longestWord && CountCharacters(piece) > longestWord;
        if (!tooLong && Vocabulary.Lookup.TryGetValue(piece, out var whole))
        {
            // Most words are entries: nothing begins them that is longer.
            output.Add(new FamilyToken(whole, 0, piece.Length));
            return;
        }

        var from = output.Count;
        if (tooLong || !lines.CanHold(piece) || !TryFind(lines.Escape(piece), output))
        {
            output.RemoveRange(from, output.Count - from);
            output.Add(new FamilyToken(unknown ?? throw new TokenizerUnknownException(MissingUnknown), 0, piece.Length));
        }
    }

    /// <summary>False when a part has no entry, which makes the whole word unknown.</summary>
    private bool TryFind(ReadOnlySpan<char> word, List<FamilyToken> output)
    {
        for (int start = 0, next; start < word.Length; start = next)
        {
            next = start;
            var end = Math.Min(word.Length, start + window);
            end -= end < word.Length && char.IsHighSurrogate(word[end - 1]) ? 1 : 0;
            var text = start == 0 ? word[..end] : string.Concat(lines.Prefix, word[start..end]);
            var found = core.EncodeToIds(text, considerPreTokenization: false, considerNormalization: false);

            // An entry that begins late may go on beyond the window: the next window begins with it.
            for (var i = 0; i < found.Count && (end == word.Length || next + longestEntry <= end); i++)
            {
                var (id, length) = lines[found[i]];
                if (id is null)
                {
                    return false;
                }

                output.Add(new FamilyToken(id.Value, next, next + length));
                next += length;
            }
        }

        return true;
    }

    private static int CountCharacters(ReadOnlySpan<char> text)
    {
        var count = 0;
        foreach (var unit in text)
        {
            count += char.IsLowSurrogate(unit) ? 0 : 1;
        }

        return count;
    }
}
