using ExplainService.Text.Alignment;
using ExplainService.Text.Normalizers;
using ExplainService.Text.Patterns;

namespace ExplainService.Text.Splitters;

/// <summary>GPT-2's pre-tokenizer: perhaps a space in front, perhaps its pattern, then bytes as characters.</summary>
internal sealed class ByteLevelSplitter(bool addPrefixSpace, bool useRegex) : Splitter
{
    /// <summary>GPT-2's words: contractions, letters, digits, other characters, and white space, each with a space before it.</summary>
    private static readonly Lazy<TextPattern> WordPattern = new(() =>
        OnigurumaRegex.Translate(@"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+")
    );

    private readonly PatternSplitter pattern = new(WordPattern.Value, SplitBehavior.Isolated);

    public override List<Piece> Split(List<Piece> pieces)
    {
        if (addPrefixSpace)
        {
            pieces = [.. pieces.Select(WithSpace)];
        }

        if (useRegex)
        {
            pieces = pattern.Split(pieces);
        }

        var total = 0;
        foreach (var piece in pieces)
        {
            total += piece.Length;
        }

        // One text for all pieces: a piece is then only a range of it.
        var bytes = new AlignedText(total + (total / 8));
        for (var i = 0; i < pieces.Count; i++)
        {
            if (!pieces[i].IsAdded)
            {
                var start = bytes.Length;
                ByteLevel.Append(pieces[i], bytes);
                pieces[i] = new Piece(bytes, start, bytes.Length - start);
            }
        }

        return pieces;
    }

    private static Piece WithSpace(Piece piece)
    {
        if (piece.IsAdded || piece.Length == 0 || piece.Span[0] == ' ')
        {
            return piece;
        }

        var text = PrependNormalizer.Prepend(piece, " ");
        return new Piece(text, 0, text.Length);
    }
}
