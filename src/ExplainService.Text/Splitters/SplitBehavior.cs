using ExplainService.Text.Alignment;
using ExplainService.Text.Patterns;

namespace ExplainService.Text.Splitters;

/// <summary>What becomes of the matches of a splitter's pattern.</summary>
internal enum SplitBehavior
{
    /// <summary>Matches vanish.</summary>
    Removed,

    /// <summary>Every match is a piece.</summary>
    Isolated,

    /// <summary>A match ends the piece before it.</summary>
    MergedWithPrevious,

    /// <summary>A match begins the piece after it.</summary>
    MergedWithNext,

    /// <summary>Matches in a row are one piece.</summary>
    Contiguous,
}

/// <summary>Carries out a <see cref="SplitBehavior"/>.</summary>
internal static class SplitBehaviors
{
    public static SplitBehavior Read(string name) =>
        Enum.TryParse<SplitBehavior>(name, ignoreCase: true, out var behavior)
            ? behavior
            : throw new TokenizerNotSupportedException("split behavior", name);

    public static void Apply(SplitBehavior behavior, Piece piece, List<TextMatch> matches, List<Piece> output)
    {
        for (var i = 0; i < matches.Count; i++)
        {
            var match = matches[i];
            var previous = i > 0 && matches[i - 1].IsMatch;
            switch (behavior)
            {
                case SplitBehavior.Removed when match.IsMatch:
                    continue;
                case SplitBehavior.Contiguous when i > 0 && previous == match.IsMatch:
                case SplitBehavior.MergedWithPrevious when i > 0 && match.IsMatch && !previous:
                case SplitBehavior.MergedWithNext when previous && !match.IsMatch:
                    output[^1] = output[^1] with { Length = output[^1].Length + match.Length };
                    continue;
                default:
                    output.Add(piece.Slice(match.Start, match.Length));
                    continue;
            }
        }
    }
}
