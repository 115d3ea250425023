using System.Numerics;

namespace ExplainService.Methods.Coalitions;

/// <summary>
/// A growing list of coalitions of one game, held as bits: a request may have a million of them, and as objects or signs they would
/// take ten to sixty times the memory.
/// </summary>
/// <param name="players">Players of every coalition.</param>
internal sealed class CoalitionList(int players)
{
    private readonly int stride = Coalition.WordsOf(players);
    private ulong[] words = [];

    public int Players => players;

    public int Count { get; private set; }

    /// <summary>Adds at the end.</summary>
    public void Add(Coalition coalition)
    {
        var start = Count * stride;
        if (start + stride > words.Length)
        {
            // By half rather than to the double: the old and the new array exist side by side for a moment.
            Array.Resize(ref words, Math.Max(start + stride, Math.Max(16 * stride, words.Length + (words.Length / 2))));
        }

        coalition.Words.CopyTo(words.AsSpan(start));
        Count++;
    }

    /// <summary>The bits of one, 64 players a word.</summary>
    public ReadOnlySpan<ulong> this[int index] => words.AsSpan(index * stride, stride);

    /// <summary>How many players are present in one.</summary>
    public int Size(int index)
    {
        var size = 0;
        foreach (var word in this[index])
        {
            size += BitOperations.PopCount(word);
        }

        return size;
    }

    /// <summary>One as an object of its own.</summary>
    public Coalition ToCoalition(int index) => Coalition.FromWords(players, this[index]);

    /// <summary>+1 for every present player of one and −1 for every absent one.</summary>
    /// <param name="index">Which.</param>
    /// <param name="signs">[players].</param>
    public void CopySignsTo(int index, Span<double> signs) => Coalition.CopySigns(this[index], signs[..players]);

    /// <summary>Signs of a stretch of the list: [<paramref name="count"/>][players].</summary>
    public double[][] Signs(int first, int count)
    {
        var signs = new double[count][];
        for (var i = 0; i < count; i++)
        {
            signs[i] = new double[players];
            CopySignsTo(first + i, signs[i]);
        }

        return signs;
    }
}
