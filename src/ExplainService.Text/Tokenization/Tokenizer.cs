using ExplainService.Text.Added;
using ExplainService.Text.Alignment;
using ExplainService.Text.ChatTemplates;
using ExplainService.Text.Decoders;
using ExplainService.Text.Families;
using ExplainService.Text.Json;
using ExplainService.Text.Patterns;
using ExplainService.Text.Reading;
using ExplainService.Text.Templates;

namespace ExplainService.Text.Tokenization;

/// <summary>
/// A model's tokenizer: text to ids and back, exactly as Hugging Face's <c>tokenizers</c> does it, with ranges in the caller's text.
/// Immutable and safe for many threads at once.
/// </summary>
public sealed class Tokenizer
{
    private readonly TokenizerParts parts;
    private readonly Template template;
    private readonly AddedTokenMatcher literal;
    private readonly AddedTokenMatcher normalized;
    private readonly Dictionary<int, AddedToken> addedById = [];
    private readonly Dictionary<string, int> addedByText = new(StringComparer.Ordinal);
    private readonly bool cleansUp;

    private readonly Lazy<ChatTemplate?> chat;

    private Tokenizer(TokenizerParts parts, TokenizerConfig config, string? padding, Lazy<ChatTemplate?> chat)
    {
        (this.parts, this.chat) = (parts, chat);
        template = parts.Template;
        foreach (var token in parts.Added)
        {
            addedById[token.Id] = token;
            addedByText[token.Content] = token.Id;
        }

        var specialFirst = parts.Added.OrderByDescending(token => token.Special).ToArray();
        literal = new AddedTokenMatcher(specialFirst.Where(token => !token.Normalized).Select(token => (token.Content, token)));
        normalized = new AddedTokenMatcher(
            specialFirst.Where(token => token.Normalized).Select(token => (Normalize(token.Content), token))
        );
        VocabularySize = Math.Max(parts.Family.Vocabulary.Size, addedById.Keys.DefaultIfEmpty(-1).Max() + 1);
        cleansUp = config.Settings.Flag("clean_up_tokenization_spaces", false);
        MaxLength = SpecialTokensReader.ReadMaxLength(config);
        Special = SpecialTokensReader.Read(config, parts.Added, TokenId, padding);
        CheckTemplate();
    }

    /// <summary>The tokenizer of what reads no texts: it has no tokens.</summary>
    public static Tokenizer None { get; } =
        new(
            new TokenizerParts([], null, null, new WordLevel(new Vocabulary([]), ""), Template.Plain, null),
            new TokenizerConfig(""),
            null,
            new Lazy<ChatTemplate?>((ChatTemplate?)null)
        );

    /// <summary>The special tokens that the files name.</summary>
    public SpecialTokens Special { get; }

    /// <summary>
    /// The token that stands for text which is in no vocabulary; null where every text has tokens of its own. A token that plays another
    /// part too (GPT-2's end of text) is none.
    /// </summary>
    public int? Unknown =>
        (parts.Family.Unknown ?? Special.Unknown) is { } id && id != Special.Eos && id != Special.Bos && id != Special.Pad ? id : null;

    /// <summary>How conversations are written as prompts; null where the files do not say.</summary>
    /// <exception cref="ChatTemplateException">The template is not valid, or not supported.</exception>
    public ChatTemplate? ChatTemplate => chat.Value;

    /// <summary>The longest input in tokens that tokenizer_config.json allows, where it says so sensibly (below a million).</summary>
    public int? MaxLength { get; }

    /// <summary>One more than the largest id, added tokens included.</summary>
    public int VocabularySize { get; }

    /// <summary>
    /// Reads a model's folder: tokenizer.json, or where there is none the older files (vocab.txt; vocab.json and merges.txt; a
    /// SentencePiece model), with tokenizer_config.json, special_tokens_map.json and added_tokens.json.
    /// </summary>
    /// <exception cref="TokenizerNotSupportedException">A component is not supported.</exception>
    /// <exception cref="TokenizerFormatException">A file is missing, truncated or contradictory.</exception>
    public static Tokenizer Load(string folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        try
        {
            var config = new TokenizerConfig(folder);
            var chat = ChatTemplateReader.Read(folder, config);
            if (TokenizerFiles.Find(folder, TokenizerFiles.Whole) is not { } path)
            {
                return new Tokenizer(OlderFiles.Read(folder, config), config, null, chat);
            }

            var json = TokenizerFiles.ReadJson(path);
            return new Tokenizer(TokenizerJson.Read(json, config), config, json.Optional("padding")?.TextOrNull("pad_token"), chat);
        }
        catch (Exception error)
            when (error
                    is InvalidOperationException
                        or FormatException
                        or IOException
                        or ArgumentException
                        or KeyNotFoundException
                        or IndexOutOfRangeException
                        or UnauthorizedAccessException
                        or OverflowException
            )
        {
            throw new TokenizerFormatException($"The tokenizer in '{Path.GetFileName(folder)}' cannot be read: {error.Message}", error);
        }
    }

    /// <summary>The names of the files of which a folder must hold one for <see cref="Load"/>; the first makes the others unread.</summary>
    public static IReadOnlyList<string> MainFileNames => TokenizerFiles.Main;

    /// <summary>The names of the files that <see cref="Load"/> looks for in a folder: those that are there make the tokenizer.</summary>
    public static IEnumerable<string> FileNames(string folder) => TokenizerFiles.Names(folder);

    /// <summary>The tokens of a text, or of a text and its pair, without truncation. Lone surrogates are read as U+FFFD.</summary>
    /// <param name="text">The text.</param>
    /// <param name="pair">The second text.</param>
    /// <param name="addSpecialTokens">Whether the template's special tokens stand around them.</param>
    /// <param name="cancellationToken">Nobody waits for them any more; a long text is not read to its end.</param>
    public Encoding Encode(string text, string? pair = null, bool addSpecialTokens = true, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(text);
        using var work = TextWork.Begin(cancellationToken);
        var first = Tokenize(text);
        var second = pair is null ? [] : Tokenize(pair);
        return template.Apply(Span(first), Span(second), pair is not null, addSpecialTokens);
    }

    /// <summary>The tokens of a text beside each of several others, which all share one reading of it.</summary>
    /// <param name="text">The text.</param>
    /// <param name="pairs">The others.</param>
    /// <param name="cancellationToken">Nobody waits for them any more.</param>
    public IReadOnlyList<Encoding> EncodeBeside(string text, IReadOnlyList<string> pairs, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(pairs);
        using var work = TextWork.Begin(cancellationToken);
        var first = Tokenize(text);
        return [.. pairs.Select(pair => template.Apply(Span(first), Span(Tokenize(pair)), isPair: true, addSpecialTokens: true))];
    }

    /// <summary>How many special tokens the template adds.</summary>
    public int SpecialTokensAdded(bool pair) => template.SpecialCount(pair);

    /// <summary>Drops tokens from the end of the longer sequence first; special tokens stay.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxTokens"/> has no room for the special tokens.</exception>
    [System.Diagnostics.CodeAnalysis.SuppressMessage(
        "Performance",
        "CA1822",
        Justification = "Part of what a tokenizer does for its callers."
    )]
    public Encoding Truncate(Encoding encoding, int maxTokens)
    {
        ArgumentNullException.ThrowIfNull(encoding);
        return Truncation.Truncate(encoding, maxTokens);
    }

    /// <summary>
    /// Slides a window over one sequence of an encoding: consecutive windows share <paramref name="overlapTokens"/> of its tokens (the last
    /// two may share more: it is as long as the others), each has all special tokens and the other sequence whole, and ranges are in the
    /// whole texts. An encoding that fits is its own single window.
    /// </summary>
    /// <param name="encoding">The whole text, or text and pair.</param>
    /// <param name="sequence">What the window slides over: 0 the text, 1 the pair.</param>
    /// <param name="maxTokens">Tokens of a window at most.</param>
    /// <param name="overlapTokens">Tokens that neighbours share.</param>
    /// <exception cref="ArgumentOutOfRangeException">The window has no room, or does not move on.</exception>
    [System.Diagnostics.CodeAnalysis.SuppressMessage(
        "Performance",
        "CA1822",
        Justification = "Part of what a tokenizer does for its callers."
    )]
    public IReadOnlyList<Encoding> Windows(Encoding encoding, int sequence, int maxTokens, int overlapTokens)
    {
        ArgumentNullException.ThrowIfNull(encoding);
        return Truncation.Windows(encoding, sequence, maxTokens, overlapTokens);
    }

    /// <summary>Whether a token steers the model wherever it stands, rather than being text.</summary>
    public bool IsSpecial(int id) => addedById.TryGetValue(id, out var added) && added.Special;

    /// <summary>The vocabulary's form of an id; empty for an id that stands for nothing (embedding tables are often padded).</summary>
    public string TokenText(int id) => TextOrNull(id) ?? "";

    /// <summary>The id of a token in the vocabulary's form, or null.</summary>
    public int? TokenId(string token)
    {
        ArgumentNullException.ThrowIfNull(token);
        return addedByText.TryGetValue(token, out var id) ? id : parts.Family.Vocabulary.IdOf(token);
    }

    /// <summary>The text of ids, as the family's decoder writes it. Ids without a token (a padded embedding table) write nothing.</summary>
    public string Decode(IReadOnlyList<int> ids, bool skipSpecial = true)
    {
        ArgumentNullException.ThrowIfNull(ids);
        List<string> tokens = new(ids.Count);
        foreach (var id in ids)
        {
            if (TextOrNull(id) is { } text && !(skipSpecial && addedById.TryGetValue(id, out var added) && added.Special))
            {
                tokens.Add(text);
            }
        }

        var decoded = parts.Decoder is { } decoder ? string.Concat(decoder.Decode(tokens)) : string.Join(' ', tokens);
        return cleansUp ? DecoderReader.CleanUp(decoded) : decoded;
    }

    private static Span<RawToken> Span(List<RawToken> tokens) => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(tokens);

    private string? TextOrNull(int id) => addedById.TryGetValue(id, out var added) ? added.Content : parts.Family.Vocabulary.TextOf(id);

    private string Normalize(string content) =>
        parts.Normalizer is { } normalizer ? normalizer.Normalize(AlignedText.Of(content)).Span.ToString() : content;

    private List<RawToken> Tokenize(string text)
    {
        PatternTime.Begin();
        var pieces = Cut(AlignedText.Of(text));
        List<RawToken> tokens = new(text.Length / 3);
        List<FamilyToken> found = [];
        for (var word = 0; word < pieces.Count; word++)
        {
            TextWork.Check(word);
            var piece = pieces[word];
            if (piece.IsAdded)
            {
                var (from, to) = (piece.Text.StartAt(piece.Start), piece.Text.EndAt(piece.Start + piece.Length - 1));
                tokens.Add(new RawToken(piece.AddedId, TextOrNull(piece.AddedId)!, from, to, word, piece.Span.ToString()));
                continue;
            }

            found.Clear();
            parts.Family.Tokenize(piece.Span, found);
            foreach (var token in found)
            {
                var (from, to) = (piece.Text.StartAt(piece.Start + token.Start), piece.Text.EndAt(piece.Start + token.End - 1));
                tokens.Add(new RawToken(token.Id, TextOrNull(token.Id)!, from, to, word));
            }
        }

        template.Trim(tokens);
        return tokens;
    }

    /// <summary>Added tokens first in the text as it is, then in the normalised text between them; what is left is split.</summary>
    private List<Piece> Cut(AlignedText text)
    {
        List<Piece> raw = [];
        List<Piece> pieces = [];
        if (parts.HasLanguageCodes && LanguageCode.Length(text.Span) is > 0 and var length && KnownId(text.Span[..length]) is { } code)
        {
            pieces.Add(new Piece(text, 0, length, code));
            text = text.Slice(length, text.Length - length);
        }

        literal.Split(text, raw);
        foreach (var piece in raw)
        {
            if (piece.IsAdded)
            {
                pieces.Add(piece);
                continue;
            }

            var part = piece.Length == text.Length ? text : text.Slice(piece.Start, piece.Length);
            normalized.Split(parts.Normalizer?.Normalize(part) ?? part, pieces);
        }

        return parts.Splitter?.Split(pieces) ?? pieces;
    }

    private int? KnownId(ReadOnlySpan<char> token) => parts.Family.Vocabulary.Lookup.TryGetValue(token, out var id) ? id : null;

    private void CheckTemplate()
    {
        foreach (var part in template.Pair.Concat(template.Single).Where(part => part.Sequence < 0))
        {
            if (TextOrNull(part.Id) != part.Text)
            {
                throw new TokenizerFormatException(
                    $"The template adds '{part.Text}' as {part.Id}, which the vocabulary has as '{TextOrNull(part.Id) ?? "nothing"}'."
                );
            }
        }
    }
}
