using ExplainService.Text.Alignment;
using ExplainService.Text.Patterns;

namespace ExplainService.Text.Splitters;

/// <summary>Cuts text into the pieces that the vocabulary reads one by one (a pre-tokenizer). Added tokens pass untouched.</summary>
internal abstract class Splitter
{
    /// <summary>The pieces of all <paramref name="pieces"/>, in order, without empty ones.</summary>
    public virtual List<Piece> Split(List<Piece> pieces)
    {
        List<Piece> output = new(pieces.Count * 4);
        for (var i = 0; i < pieces.Count; i++)
        {
            TextWork.Check(i);
            var piece = pieces[i];
            if (piece.IsAdded)
            {
                output.Add(piece);
            }
            else if (piece.Length > 0)
            {
                SplitPiece(piece, output);
            }
        }

        return output;
    }

    /// <summary>Appends the parts of one piece that is not empty.</summary>
    protected virtual void SplitPiece(Piece piece, List<Piece> output) => output.Add(piece);
}

/// <summary>Several splitters, one after another.</summary>
internal sealed class SplitterSequence(IReadOnlyList<Splitter> steps) : Splitter
{
    public override List<Piece> Split(List<Piece> pieces)
    {
        foreach (var step in steps)
        {
            pieces = step.Split(pieces);
        }

        return pieces;
    }
}

/// <summary>Cuts at a pattern's matches.</summary>
internal sealed class PatternSplitter(TextPattern pattern, SplitBehavior behavior, bool invert = false) : Splitter
{
    /// <summary>A thread remembers no more than so many matches' room.</summary>
    private const int MaxScratch = 1 << 14;

    [ThreadStatic]
    private static List<TextMatch>? scratch;

    protected override void SplitPiece(Piece piece, List<Piece> output)
    {
        var matches = scratch ?? [];
        matches.Clear();
        pattern.Find(piece.Span, matches);
        if (invert)
        {
            for (var i = 0; i < matches.Count; i++)
            {
                matches[i] = matches[i] with { IsMatch = !matches[i].IsMatch };
            }
        }

        SplitBehaviors.Apply(behavior, piece, matches, output);
        scratch = matches.Capacity > MaxScratch ? null : matches;
    }
}
