namespace ExplainService.Text.Families;

/// <summary>Finds all entries of a vocabulary that begin a text: a sorted list whose range narrows with every code unit.</summary>
internal sealed class PrefixIndex
{
    private readonly string[] entries;
    private readonly int[] ids;
    private readonly Dictionary<char, (int From, int To)> firsts = [];

    public PrefixIndex(IEnumerable<KeyValuePair<string, int>> vocabulary)
    {
        var sorted = vocabulary.Where(entry => entry.Key.Length > 0).ToArray();
        Array.Sort(sorted, (a, b) => string.CompareOrdinal(a.Key, b.Key));
        entries = [.. sorted.Select(entry => entry.Key)];
        ids = [.. sorted.Select(entry => entry.Value)];
        for (int from = 0, to; from < entries.Length; from = to)
        {
            for (to = from + 1; to < entries.Length && entries[to][0] == entries[from][0]; )
            {
                to++;
            }

            firsts[entries[from][0]] = (from, to);
        }
    }

    public Search Begin() => new(this);

    /// <summary>A search under way.</summary>
    internal struct Search(PrefixIndex index)
    {
        private int from;
        private int to;
        private int length;

        /// <summary>The id of the entry that is exactly what was read so far.</summary>
        public readonly int? Id => index.entries[from].Length == length ? index.ids[from] : null;

        /// <summary>Reads one more code unit; false when no entry begins so.</summary>
        public bool Narrow(char unit)
        {
            if (length == 0)
            {
                length = 1;
                if (!index.firsts.TryGetValue(unit, out var range))
                {
                    return false;
                }

                (from, to) = range;
                return true;
            }

            from = Bound(unit, from, to);
            to = unit == char.MaxValue ? to : Bound((char)(unit + 1), from, to);
            length++;
            return from < to;
        }

        /// <summary>
        /// The first entry in the range whose next code unit is at least <paramref name="unit"/>; shorter entries come first.
        /// </summary>
        private readonly int Bound(char unit, int low, int high)
        {
            while (low < high)
            {
                var middle = (low + high) >>> 1;
                if (index.entries[middle].Length <= length || index.entries[middle][length] < unit)
                {
                    low = middle + 1;
                }
                else
                {
                    high = middle;
                }
            }

            return low;
        }
    }
}
