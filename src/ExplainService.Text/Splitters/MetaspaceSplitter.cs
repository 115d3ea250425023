using ExplainService.Text.Alignment;
using ExplainService.Text.Normalizers;

namespace ExplainService.Text.Splitters;

/// <summary>When a space's stand-in is put in front of a piece.</summary>
internal enum PrependScheme
{
    /// <summary>Never.</summary>
    Never,

    /// <summary>In front of the text's beginning.</summary>
    First,

    /// <summary>In front of every piece.</summary>
    Always,
}

/// <summary>SentencePiece's splitter: spaces become ▁, and every ▁ begins a piece.</summary>
internal sealed class MetaspaceSplitter(char replacement, PrependScheme prepend, bool split) : Splitter
{
    private readonly string prefix = replacement.ToString();

    protected override void SplitPiece(Piece piece, List<Piece> output)
    {
        var text = piece.Text;
        var (start, length) = (piece.Start, piece.Length);
        var adds =
            piece.Span[0] != replacement
            && piece.Span[0] != ' '
            && (prepend == PrependScheme.Always || (prepend == PrependScheme.First && piece.OriginalStart == 0));
        if (adds || piece.Span.Contains(' '))
        {
            var rewritten = adds ? PrependNormalizer.Prepend(piece, prefix) : text.Slice(start, length);
            rewritten.Replace(' ', replacement);
            (text, start, length) = (rewritten, 0, rewritten.Length);
        }

        if (!split)
        {
            output.Add(new Piece(text, start, length));
            return;
        }

        var from = start;
        for (var i = start + 1; i < start + length; i++)
        {
            if (text[i] == replacement)
            {
                output.Add(new Piece(text, from, i - from));
                from = i;
            }
        }

        output.Add(new Piece(text, from, start + length - from));
    }
}
