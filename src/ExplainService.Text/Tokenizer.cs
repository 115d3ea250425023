using ExplainService.Text.Added;
using ExplainService.Text.Alignment;
using ExplainService.Text.Families;
using ExplainService.Text.Reading;
using ExplainService.Text.Splitters;

namespace ExplainService.Text;

/// <summary>Text to tokens with offsets, as the model's own tokenizer files say. Safe for many threads at once.</summary>
public sealed class Tokenizer
{
    private readonly TokenizerParts parts;
    private readonly AddedTokenMatcher raw;
    private readonly AddedTokenMatcher normalized;
    private readonly Dictionary<int, AddedToken> added;

    private Tokenizer(TokenizerParts parts, TokenizerSettings settings)
    {
        this.parts = parts;
        raw = new AddedTokenMatcher(parts.Added.Where(token => !token.Normalized).Select(token => (token.Content, token)));
        normalized = new AddedTokenMatcher(parts.Added.Where(token => token.Normalized).Select(token => (Normalize(token.Content), token)));
        added = parts.Added.GroupBy(token => token.Id).ToDictionary(group => group.Key, group => group.First());
        MaxLength = settings.MaxLength;
        VocabularySize = Math.Max(parts.Family.Vocabulary.Size, added.Count == 0 ? 0 : added.Keys.Max() + 1);
        Special = SpecialTokenReader.Read(settings, TokenId);
    }

    /// <summary>The special tokens that the files name.</summary>
    public SpecialTokens Special { get; }

    /// <summary>The longest input that the tokenizer's files allow, special tokens included; null where they do not say.</summary>
    public int? MaxLength { get; }

    /// <summary>One more than the largest id.</summary>
    public int VocabularySize { get; }

    /// <summary>Reads a model's folder: tokenizer.json, or the older files where there is none.</summary>
    /// <exception cref="TokenizerFormatException">A file is missing, cut short or contradicts itself.</exception>
    /// <exception cref="TokenizerNotSupportedException">A component is not supported; the text names it.</exception>
    public static Tokenizer Load(string folder)
    {
        var settings = new TokenizerSettings(folder);
        try
        {
            return new Tokenizer(OlderFiles.ReadAny(folder, settings), settings);
        }
        catch (Exception exception) when (exception is InvalidOperationException or FormatException or KeyNotFoundException or IndexOutOfRangeException or ArgumentException)
        {
            throw new TokenizerFormatException($"The tokenizer's files are malformed: {exception.Message}", exception);
        }
    }

    /// <summary>The tokens of a text, or of a pair of texts, without truncation.</summary>
    public Encoding Encode(string text, string? pair = null, bool addSpecialTokens = true) =>
        Arrange(Tokenize(text, 0), pair is null ? null : Tokenize(pair, 1), addSpecialTokens);

    /// <summary>The vocabulary's form of an id; empty for an id that stands for nothing.</summary>
    public string TokenText(int id) => added.TryGetValue(id, out var token) ? token.Content : parts.Family.Vocabulary.TextOf(id) ?? "";

    /// <summary>The id of a vocabulary form; null where there is none.</summary>
    public int? TokenId(string token)
    {
        foreach (var entry in parts.Added)
        {
            if (entry.Content == token)
            {
                return entry.Id;
            }
        }

        return parts.Family.Vocabulary.IdOf(token);
    }

    /// <summary>The text of ids.</summary>
    /// <param name="ids">The ids.</param>
    /// <param name="skipSpecial">Whether special tokens are left out.</param>
    public string Decode(IReadOnlyList<int> ids, bool skipSpecial = true) => string.Concat(parts.Decoder(
        [.. ids.Where(id => !skipSpecial || !(added.TryGetValue(id, out var token) && token.Special)).Select(TokenText)]));

    /// <summary>How many special tokens the template adds.</summary>
    public int SpecialTokensAdded(bool pair) => (pair ? parts.Template.Pair : parts.Template.Single).Sum(slot => slot.Specials.Length);

    /// <summary>The same input with at most so many tokens: cut at the end, of a pair the longer text first; special tokens stay.</summary>
    public Encoding Truncate(Encoding encoding, int maxTokens)
    {
        var first = encoding.Tokens.Where(token => token.Sequence == 0).ToList();
        var second = encoding.Tokens.Where(token => token.Sequence == 1).ToList();
        var hasPair = second.Count > 0;
        var room = Math.Max(0, maxTokens - SpecialTokensAdded(hasPair));
        while (first.Count + second.Count > room)
        {
            var longer = first.Count >= second.Count ? first : second;
            var excess = first.Count + second.Count - room;
            var cut = second.Count == 0 ? excess : Math.Max(1, Math.Min(excess, Math.Abs(first.Count - second.Count)));
            longer.RemoveRange(longer.Count - cut, cut);
        }

        return Arrange(first, hasPair ? second : null, addSpecialTokens: true);
    }

    /// <summary>Overlapping windows over one text, each with special tokens; offsets count in the whole text.</summary>
    public IReadOnlyList<Encoding> Windows(string text, int maxTokens, int overlapTokens)
    {
        var tokens = Tokenize(text, 0);
        return [.. Slices(tokens, maxTokens - SpecialTokensAdded(pair: false), overlapTokens).Select(slice => Arrange(slice, null, addSpecialTokens: true))];
    }

    /// <summary>Overlapping windows over the pair; the text stays whole beside each.</summary>
    public IReadOnlyList<Encoding> Windows(string text, string pair, int maxTokens, int overlapTokens)
    {
        var first = Tokenize(text, 0);
        var room = maxTokens - SpecialTokensAdded(pair: true) - first.Count;
        return [.. Slices(Tokenize(pair, 1), room, overlapTokens).Select(slice => Arrange(first, slice, addSpecialTokens: true))];
    }

    private static IEnumerable<List<Token>> Slices(List<Token> tokens, int room, int overlap)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(room, 1);
        var stride = Math.Max(1, room - overlap);
        for (var start = 0; ; start += stride)
        {
            if (start + room >= tokens.Count)
            {
                yield return tokens[Math.Max(0, tokens.Count - room)..];
                yield break;
            }

            yield return tokens[start..(start + room)];
        }
    }

    private Encoding Arrange(List<Token> first, List<Token>? second, bool addSpecialTokens)
    {
        var slots = second is null ? parts.Template.Single : parts.Template.Pair;
        var tokens = new List<Token>(first.Count + (second?.Count ?? 0) + 4);
        foreach (var slot in slots)
        {
            if (slot.Sequence >= 0)
            {
                tokens.AddRange((slot.Sequence == 0 ? first : second!).Select(token => token.TypeId == slot.TypeId ? token : token with { TypeId = slot.TypeId }));
            }
            else if (addSpecialTokens)
            {
                tokens.AddRange(slot.Specials.Select(id => new Token(id, TokenText(id), 0, 0, true, null, -1, slot.TypeId)));
            }
        }

        return new Encoding(tokens);
    }

    private List<Token> Tokenize(string text, int sequence)
    {
        var pieces = new List<Piece>();
        raw.Split(AlignedText.Of(text), pieces);
        pieces = NormalizePieces(pieces);
        if (parts.Splitter is { } splitter)
        {
            pieces = splitter.Split(pieces);
        }

        var tokens = new List<Token>(text.Length / 3 + 4);
        var found = new List<FamilyToken>();
        for (var word = 0; word < pieces.Count; word++)
        {
            var piece = pieces[word];
            if (piece.IsAdded)
            {
                tokens.Add(AddedInText(piece, word, sequence));
                continue;
            }

            found.Clear();
            parts.Family.Tokenize(piece.Span, found);
            foreach (var token in found)
            {
                var (start, end) = (piece.Text.StartAt(piece.Start + token.Start), EndOf(piece, token.End));
                tokens.Add(Trimmed(new Token(token.Id, TokenText(token.Id), start, end, false, word, sequence, sequence), tokens.Count));
            }
        }

        return tokens;
    }

    /// <summary>An added token that was found in the text; white space that it took is trimmed as its text's would be.</summary>
    private Token AddedInText(Piece piece, int word, int sequence)
    {
        var (start, end) = (piece.OriginalStart, EndOf(piece, piece.Length));
        if (parts.Template.Trim)
        {
            start = Math.Min(start + piece.Span.Length - piece.Span.TrimStart().Length, end);
            end = Math.Max(end - (piece.Span.Length - piece.Span.TrimEnd().Length), start);
        }

        return new Token(piece.AddedId, TokenText(piece.AddedId), start, end, false, word, sequence, sequence);
    }

    private static int EndOf(Piece piece, int length) => length == 0 ? piece.OriginalStart : piece.Text.EndAt(piece.Start + length - 1);

    private List<Piece> NormalizePieces(List<Piece> pieces)
    {
        var output = new List<Piece>(pieces.Count);
        foreach (var piece in pieces)
        {
            if (piece.IsAdded)
            {
                output.Add(piece);
                continue;
            }

            var text = piece.Start == 0 && piece.Length == piece.Text.Length ? piece.Text : piece.Text.Slice(piece.Start, piece.Length);
            normalized.Split(parts.Normalizer?.Normalize(text) ?? text, output);
        }

        output.RemoveAll(piece => piece.Length == 0);
        return output;
    }

    private string Normalize(string content) => parts.Normalizer is null ? content : parts.Normalizer.Normalize(AlignedText.Of(content)).Span.ToString();

    /// <summary>Leaves the spaces that a byte-level token carries out of its offsets, as RoBERTa's post-processor does.</summary>
    private Token Trimmed(Token token, int index)
    {
        if (!parts.Template.Trim)
        {
            return token;
        }

        var leading = token.Text.TakeWhile(IsSpace).Count();
        var trailing = token.Text.Reverse().TakeWhile(IsSpace).Count();
        if (leading > 0 && (index == 0 || token.Start == 0) && parts.Template.TrimAddsPrefix)
        {
            leading = 0;
        }

        var start = Math.Min(token.Start + leading, token.End);
        return token with { Start = start, End = trailing > 0 && token.End >= trailing ? Math.Max(token.End - trailing, start) : token.End };
    }

    private static bool IsSpace(char character) => character == ByteLevel.Space || char.IsWhiteSpace(character);
}
