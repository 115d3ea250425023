using System.Text;
using ExplainService.Text.Alignment;

namespace ExplainService.Text.Splitters;

/// <summary>BERT's splitter: white space vanishes, every punctuation character is a piece.</summary>
internal sealed class BertSplitter : Splitter
{
    protected override void SplitPiece(Piece piece, List<Piece> output)
    {
        var span = piece.Span;
        var (start, at) = (0, 0);
        foreach (var rune in span.EnumerateRunes())
        {
            var length = rune.Utf16SequenceLength;
            var punctuation = Characters.IsPunctuation(rune);
            if (punctuation || Rune.IsWhiteSpace(rune))
            {
                if (start < at)
                {
                    output.Add(piece.Slice(start, at - start));
                }

                if (punctuation)
                {
                    output.Add(piece.Slice(at, length));
                }

                start = at + length;
            }

            at += length;
        }

        if (start < span.Length)
        {
            output.Add(piece.Slice(start, span.Length - start));
        }
    }
}

/// <summary>Pieces are runs of word characters and runs of what is neither word nor white space: <c>\w+|[^\w\s]+</c>.</summary>
internal sealed class WhitespaceSplitter : Splitter
{
    protected override void SplitPiece(Piece piece, List<Piece> output)
    {
        var (start, at, kind) = (0, 0, -1);
        foreach (var rune in piece.Span.EnumerateRunes())
        {
            var next =
                Characters.IsWord(rune) ? 1
                : Rune.IsWhiteSpace(rune) ? -1
                : 0;
            if (next != kind)
            {
                Close();
                (start, kind) = (at, next);
            }

            at += rune.Utf16SequenceLength;
        }

        Close();

        void Close()
        {
            if (kind >= 0 && start < at)
            {
                output.Add(piece.Slice(start, at - start));
            }
        }
    }
}
