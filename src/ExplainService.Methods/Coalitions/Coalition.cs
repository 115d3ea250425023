using System.Numerics;

namespace ExplainService.Methods.Coalitions;

/// <summary>A set of players (units of the text) that are present; the others are replaced. Immutable, compared by content.</summary>
public sealed class Coalition : IEquatable<Coalition>
{
    private const int Bits = 64;
    private readonly ulong[] words;

    private Coalition(int players, ulong[] words) => (Players, this.words) = (players, words);

    /// <summary>How many players the game has, present or not.</summary>
    public int Players { get; }

    /// <summary>The players as bits, 64 a word, player 0 lowest.</summary>
    internal ReadOnlySpan<ulong> Words => words;

    /// <summary>How many players are present.</summary>
    public int Count
    {
        get
        {
            var count = 0;
            foreach (var word in words)
            {
                count += BitOperations.PopCount(word);
            }

            return count;
        }
    }

    /// <summary>Whether a player is present.</summary>
    public bool this[int player] => (words[player / Bits] >> (player % Bits) & 1) != 0;

    /// <summary>Coalitions of so many players: 2^players, or <see cref="long.MaxValue"/> if more.</summary>
    public static long Total(int players) => players < 63 ? 1L << players : long.MaxValue;

    /// <summary>Nobody is present.</summary>
    public static Coalition Empty(int players) => new(players, new ulong[WordsOf(players)]);

    /// <summary>Everybody is present: the text as it is.</summary>
    public static Coalition Full(int players) => Of(players, static _ => true);

    /// <summary>The coalition of the players for whom <paramref name="present"/> holds.</summary>
    public static Coalition Of(int players, Func<int, bool> present)
    {
        var words = new ulong[WordsOf(players)];
        for (var player = 0; player < players; player++)
        {
            if (present(player))
            {
                words[player / Bits] |= 1UL << (player % Bits);
            }
        }

        return new Coalition(players, words);
    }

    /// <summary>The coalition of the players listed.</summary>
    public static Coalition FromPlayers(int players, ReadOnlySpan<int> present)
    {
        var words = new ulong[WordsOf(players)];
        foreach (var player in present)
        {
            words[player / Bits] |= 1UL << (player % Bits);
        }

        return new Coalition(players, words);
    }

    /// <summary>The present players become absent and the other way round.</summary>
    public Coalition Complement()
    {
        var flipped = new ulong[words.Length];
        for (var i = 0; i < flipped.Length; i++)
        {
            flipped[i] = ~words[i];
        }

        if (Players % Bits != 0)
        {
            flipped[^1] &= (1UL << (Players % Bits)) - 1;
        }

        return new Coalition(Players, flipped);
    }

    /// <summary>Writes +1 for every present player and −1 for every absent one: the coalition as a corner of the cube.</summary>
    /// <param name="signs">[<see cref="Players"/>].</param>
    public void CopySignsTo(Span<double> signs) => CopySigns(words, signs[..Players]);

    /// <summary>The same coalition with one player more.</summary>
    public Coalition With(int player) => Change(player, present: true);

    /// <summary>The same coalition with one player fewer.</summary>
    public Coalition Without(int player) => Change(player, present: false);

    /// <summary>
    /// The same coalition with the players from <paramref name="first"/> up to, not including, <paramref name="end"/> present.
    /// </summary>
    public Coalition WithRange(int first, int end)
    {
        var changed = (ulong[])words.Clone();
        for (var player = first; player < end; player++)
        {
            changed[player / Bits] |= 1UL << (player % Bits);
        }

        return new Coalition(Players, changed);
    }

    /// <inheritdoc/>
    public bool Equals(Coalition? other) => other is not null && other.Players == Players && words.AsSpan().SequenceEqual(other.words);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Coalition);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var word in words)
        {
            hash.Add(word);
        }

        return hash.ToHashCode();
    }

    /// <summary>The coalition of <see cref="Words"/>.</summary>
    internal static Coalition FromWords(int players, ReadOnlySpan<ulong> words) => new(players, words.ToArray());

    /// <summary>The signs of a coalition given by its <see cref="Words"/>.</summary>
    /// <param name="words">64 players a word.</param>
    /// <param name="signs">[players].</param>
    internal static void CopySigns(ReadOnlySpan<ulong> words, Span<double> signs)
    {
        for (var player = 0; player < signs.Length; player++)
        {
            signs[player] = (words[player / Bits] >> (player % Bits) & 1) != 0 ? 1 : -1;
        }
    }

    /// <summary>Words that a coalition of so many players takes.</summary>
    internal static int WordsOf(int players) => (players + Bits - 1) / Bits;

    private Coalition Change(int player, bool present)
    {
        var changed = (ulong[])words.Clone();
        var bit = 1UL << (player % Bits);
        changed[player / Bits] = present ? changed[player / Bits] | bit : changed[player / Bits] & ~bit;
        return new Coalition(Players, changed);
    }
}
