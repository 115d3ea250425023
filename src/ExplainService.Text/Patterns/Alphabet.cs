using ExplainService.Text.Unicode;

namespace ExplainService.Text.Patterns;

/// <summary>
/// The characters as one pattern tells them apart: all that are in the same of its sets have one stand-in. .NET's engine reads UTF-16
/// code units and has tables of its own; of stand-ins it needs no tables, and a character is one unit wherever it is in Unicode.
/// </summary>
internal sealed class Alphabet
{
    private const int PageSize = 256;
    private const char FirstWord = '\u4E00';
    private const char LastWord = '\u9FFF';
    private const char FirstOther = '\uE000';
    private const char LastOther = '\uF8FF';
    private readonly char[][] pages = new char[0x110000 / PageSize][];

    private Alphabet() { }

    /// <summary>The stand-ins, each with a character that it stands for.</summary>
    public List<(char StandIn, int Example)> Letters { get; } = [];

    /// <summary>
    /// The alphabet of these sets. Stand-ins of word characters are word characters to .NET too and the line feed stays itself, so that
    /// the engine's own boundaries and line ends hold. Null where the pattern tells apart more characters than there are stand-ins.
    /// </summary>
    public static Alphabet? Of(IEnumerable<CodePointSet> sets, CodePointSet words)
    {
        CodePointSet[] all = [words, CodePointSet.Of('\n'), .. sets.Distinct()];
        var edges = all.SelectMany(
                (set, index) => set.Ranges.SelectMany(range => new[] { (At: range.From, index), (At: range.To + 1, index) })
            )
            .OrderBy(edge => edge.At)
            .ToArray();
        var alphabet = new Alphabet();
        Dictionary<System.Collections.BitArray, char> known = new(new SameBits());
        System.Collections.BitArray members = new(all.Length);
        var (nextWord, nextOther) = (FirstWord, FirstOther);
        for (int edge = 0, from = 0; from < 0x110000; )
        {
            while (edge < edges.Length && edges[edge].At == from)
            {
                members[edges[edge].index] = !members[edges[edge].index];
                edge++;
            }

            var to = edge < edges.Length ? edges[edge].At : 0x110000;
            if (!known.TryGetValue(members, out var standIn))
            {
                if (nextWord > LastWord || nextOther > LastOther)
                {
                    return null;
                }

                standIn =
                    members[1] ? '\n'
                    : members[0] ? nextWord++
                    : nextOther++;
                known.Add(new System.Collections.BitArray(members), standIn);
                alphabet.Letters.Add((standIn, from));
            }

            alphabet.Fill(from, to, standIn);
            from = to;
        }

        return alphabet;
    }

    /// <summary>Writes the stand-in of every character, and where in the text it begins if that is asked for.</summary>
    /// <returns>How many characters the text has.</returns>
    public int Map(ReadOnlySpan<char> text, Span<char> standIns, Span<int> positions)
    {
        var count = 0;
        for (var at = 0; at < text.Length; at++)
        {
            int value = text[at];
            if (!positions.IsEmpty)
            {
                positions[count] = at;
                if (char.IsHighSurrogate(text[at]) && at + 1 < text.Length && char.IsLowSurrogate(text[at + 1]))
                {
                    value = char.ConvertToUtf32(text[at], text[++at]);
                }
            }

            standIns[count++] = StandIn(value);
        }

        return count;
    }

    public char StandIn(int value) => pages[value / PageSize][value % PageSize];

    private void Fill(int from, int to, char standIn)
    {
        for (var at = from; at < to; )
        {
            var page = at / PageSize;
            var end = Math.Min(to, (page + 1) * PageSize);
            if (end - at == PageSize && page > 0 && pages[page - 1] is { } before && Array.TrueForAll(before, unit => unit == standIn))
            {
                pages[page] = before;
            }
            else
            {
                (pages[page] ??= new char[PageSize]).AsSpan(at % PageSize, end - at).Fill(standIn);
            }

            at = end;
        }
    }

    private sealed class SameBits : IEqualityComparer<System.Collections.BitArray>
    {
        public bool Equals(System.Collections.BitArray? x, System.Collections.BitArray? y) =>
            System
                .Runtime.InteropServices.CollectionsMarshal.AsBytes(x)
                .SequenceEqual(System.Runtime.InteropServices.CollectionsMarshal.AsBytes(y));

        public int GetHashCode(System.Collections.BitArray obj)
        {
            HashCode hash = new();
            hash.AddBytes(System.Runtime.InteropServices.CollectionsMarshal.AsBytes(obj));
            return hash.ToHashCode();
        }
    }
}
