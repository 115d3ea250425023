namespace ExplainService.Text.Families;

/// <summary>The symbols of a piece while pairs are merged: a linked list in arrays.</summary>
internal sealed class SymbolChain(int capacity)
{
    private const int Dead = -1;
    private Symbol[] symbols = new Symbol[Math.Max(4, capacity)];

    public int Count { get; private set; }

    public void Add(int id, int start, int end)
    {
        if (Count == symbols.Length)
        {
            Array.Resize(ref symbols, Count * 2);
        }

        if (Count > 0)
        {
            symbols[Count - 1].Next = Count;
        }

        symbols[Count] = new Symbol
        {
            Id = id,
            Start = start,
            End = end,
            Previous = Count - 1,
            Next = -1,
        };
        Count++;
    }

    /// <summary>The symbol's id; −1 once it is part of its left neighbour.</summary>
    public int Id(int index) => symbols[index].Id;

    /// <summary>The index of the right neighbour, or −1.</summary>
    public int Next(int index) => symbols[index].Id == Dead ? -1 : symbols[index].Next;

    /// <summary>The index of the left neighbour, or −1.</summary>
    public int Previous(int index) => symbols[index].Previous;

    /// <summary>Makes a symbol and its right neighbour one symbol with a new id.</summary>
    public void Join(int left, int id)
    {
        ref var symbol = ref symbols[left];
        ref var right = ref symbols[symbol.Next];
        right.Id = Dead;
        symbol.Id = id;
        symbol.End = right.End;
        symbol.Next = right.Next;
        if (symbol.Next >= 0)
        {
            symbols[symbol.Next].Previous = left;
        }
    }

    public void CopyTo(List<FamilyToken> output)
    {
        for (var i = Count == 0 ? -1 : 0; i >= 0; i = symbols[i].Next)
        {
            output.Add(new FamilyToken(symbols[i].Id, symbols[i].Start, symbols[i].End));
        }
    }

    private struct Symbol
    {
        public int Id;
        public int Start;
        public int End;
        public int Previous;
        public int Next;
    }
}
