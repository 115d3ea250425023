namespace ExplainService.Methods.Coalitions;

/// <summary>Coalitions of one game, each once, in the order in which they came: a list of bits with a table of places over it.</summary>
/// <param name="players">Players of every coalition.</param>
internal sealed class CoalitionSet(int players)
{
    // Places in the list, plus one; 0: free. Probed one after the other, at most three quarters full.
    private int[] places = new int[32];

    /// <summary>Its members.</summary>
    public CoalitionList Members { get; } = new(players);

    public int Count => Members.Count;

    /// <summary>Adds a coalition unless it is there already.</summary>
    public bool Add(Coalition coalition)
    {
        var slot = SlotOf(coalition.Words);
        if (places[slot] != 0)
        {
            return false;
        }

        Members.Add(coalition);
        places[slot] = Count;
        if (4 * Count > 3 * places.Length)
        {
            Grow();
        }

        return true;
    }

    public bool Contains(Coalition coalition) => IndexOf(coalition) >= 0;

    /// <summary>The how-manieth it is, or −1.</summary>
    public int IndexOf(Coalition coalition) => places[SlotOf(coalition.Words)] - 1;

    // Where the coalition is or would go.
    private int SlotOf(ReadOnlySpan<ulong> bits)
    {
        var slot = Hash(bits) & (places.Length - 1);
        while (places[slot] != 0 && !Members[places[slot] - 1].SequenceEqual(bits))
        {
            slot = (slot + 1) & (places.Length - 1);
        }

        return slot;
    }

    private void Grow()
    {
        places = new int[2 * places.Length];
        for (var index = 0; index < Count; index++)
        {
            places[SlotOf(Members[index])] = index + 1;
        }
    }

    // By Fibonacci multiplication, as HashCode differs from run to run.
    private static int Hash(ReadOnlySpan<ulong> bits)
    {
        var hash = 0UL;
        foreach (var word in bits)
        {
            hash = unchecked((hash ^ word) * 0x9E3779B97F4A7C15UL);
            hash ^= hash >> 32;
        }

        return (int)(hash & int.MaxValue);
    }
}
