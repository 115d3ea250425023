using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace ExplainService.Text.Families;

/// <summary>
/// Remembers the tokens of short pieces in two generations: when the young one is full it becomes the old one, so that memory is
/// bounded and words in use survive.
/// </summary>
internal sealed class PieceCache
{
    /// <summary>Words of natural language are short; a long piece hardly ever comes again.</summary>
    private const int MaxPieceLength = 64;
    private const int Generation = 16_384;

    private ConcurrentDictionary<string, FamilyToken[]> young = new(StringComparer.Ordinal);
    private ConcurrentDictionary<string, FamilyToken[]> old = new(StringComparer.Ordinal);
    private int count;

    public bool TryGet(ReadOnlySpan<char> piece, out FamilyToken[] tokens)
    {
        tokens = [];
        if (piece.Length > MaxPieceLength)
        {
            return false;
        }

        if (young.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(piece, out var found))
        {
            tokens = found;
            return true;
        }

        if (!old.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(piece, out found))
        {
            return false;
        }

        tokens = found;
        Add(piece.ToString(), tokens);
        return true;
    }

    public void Add(ReadOnlySpan<char> piece, List<FamilyToken> tokens, int from)
    {
        if (piece.Length <= MaxPieceLength)
        {
            Add(piece.ToString(), CollectionsMarshal.AsSpan(tokens)[from..].ToArray());
        }
    }

    private void Add(string piece, FamilyToken[] tokens)
    {
        if (!young.TryAdd(piece, tokens) || Interlocked.Increment(ref count) < Generation)
        {
            return;
        }

        // Exactly one thread sees the generation fill up. A reader that holds the former young one still finds right answers in it.
        if (Interlocked.Exchange(ref count, 0) >= Generation)
        {
            old = Interlocked.Exchange(ref young, new ConcurrentDictionary<string, FamilyToken[]>(StringComparer.Ordinal));
        }
    }
}
