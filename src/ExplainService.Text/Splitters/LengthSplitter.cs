using ExplainService.Text.Alignment;

namespace ExplainService.Text.Splitters;

/// <summary>Pieces of so many characters each; the last has what is left.</summary>
internal sealed class LengthSplitter(int length) : Splitter
{
    protected override void SplitPiece(Piece piece, List<Piece> output)
    {
        var (start, at, count) = (0, 0, 0);
        foreach (var rune in piece.Span.EnumerateRunes())
        {
            if (count == length)
            {
                output.Add(piece.Slice(start, at - start));
                (start, count) = (at, 0);
            }

            at += rune.Utf16SequenceLength;
            count++;
        }

        output.Add(piece.Slice(start, at - start));
    }
}
