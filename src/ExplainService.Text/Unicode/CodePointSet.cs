namespace ExplainService.Text.Unicode;

/// <summary>A set of code points: ranges in order that neither meet nor touch.</summary>
internal sealed class CodePointSet : IEquatable<CodePointSet>
{
    private const int Last = 0x10FFFF;
    private readonly (int From, int To)[] ranges;

    private CodePointSet((int From, int To)[] ranges) => this.ranges = ranges;

    public static CodePointSet Empty { get; } = new([]);

    public static CodePointSet All { get; } = new([(0, Last)]);

    public IReadOnlyList<(int From, int To)> Ranges => ranges;

    public bool IsEmpty => ranges.Length == 0;

    public static CodePointSet Of(int value) => new([(value, value)]);

    public static CodePointSet Of(int from, int to) => new([(from, to)]);

    /// <summary>The set of all these ranges, in any order.</summary>
    public static CodePointSet Of(IEnumerable<(int From, int To)> ranges)
    {
        List<(int From, int To)> joined = [];
        foreach (var (from, to) in ranges.OrderBy(range => range.From))
        {
            if (joined.Count > 0 && joined[^1].To >= from - 1)
            {
                joined[^1] = (joined[^1].From, Math.Max(joined[^1].To, to));
            }
            else
            {
                joined.Add((from, to));
            }
        }

        return new CodePointSet([.. joined]);
    }

    public bool Contains(int value)
    {
        var (low, high) = (0, ranges.Length - 1);
        while (low <= high)
        {
            var middle = (low + high) >>> 1;
            var (from, to) = ranges[middle];
            if (value < from)
            {
                high = middle - 1;
            }
            else if (value > to)
            {
                low = middle + 1;
            }
            else
            {
                return true;
            }
        }

        return false;
    }

    public CodePointSet Union(CodePointSet other) => Of(ranges.Concat(other.ranges));

    public CodePointSet Intersect(CodePointSet other) => Complement().Union(other.Complement()).Complement();

    public CodePointSet Complement()
    {
        List<(int From, int To)> gaps = [];
        var next = 0;
        foreach (var (from, to) in ranges)
        {
            if (next < from)
            {
                gaps.Add((next, from - 1));
            }

            next = to + 1;
        }

        if (next <= Last)
        {
            gaps.Add((next, Last));
        }

        return new CodePointSet([.. gaps]);
    }

    public bool Equals(CodePointSet? other) => other is not null && ranges.AsSpan().SequenceEqual(other.ranges);

    public override bool Equals(object? obj) => Equals(obj as CodePointSet);

    public override int GetHashCode()
    {
        HashCode hash = new();
        foreach (var range in ranges)
        {
            hash.Add(range);
        }

        return hash.ToHashCode();
    }
}
