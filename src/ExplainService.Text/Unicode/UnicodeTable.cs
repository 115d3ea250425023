using System.Collections.Frozen;
using System.Globalization;

namespace ExplainService.Text.Unicode;

/// <summary>
/// A table of sets of code points, as one of the reference's libraries has them: each has a Unicode version of its own, which none of
/// .NET's or ICU's need be. A line is <c>names: ranges</c>; a range is its distance from the end of the one before and, after a plus,
/// how many code points follow its first, in base 36.
/// </summary>
internal sealed class UnicodeTable
{
    private readonly Dictionary<string, string> lines = new(StringComparer.Ordinal);
    private readonly System.Collections.Concurrent.ConcurrentDictionary<string, CodePointSet> sets = new(StringComparer.Ordinal);

    private UnicodeTable(string resource)
    {
        using var stream = typeof(UnicodeTable).Assembly.GetManifestResourceStream(resource)!;
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
        {
            if (line.StartsWith('#') || line.IndexOf(": ", StringComparison.Ordinal) is not (> 0 and var colon))
            {
                continue;
            }

            foreach (var name in line[..colon].Split(' '))
            {
                lines[name] = line[(colon + 2)..];
            }
        }
    }

    /// <summary>Properties, POSIX brackets and escapes as Oniguruma has them.</summary>
    public static UnicodeTable Oniguruma => Lazily.Oniguruma.Value;

    /// <summary>Classes of characters as the crates of <c>tokenizers</c> have them.</summary>
    public static UnicodeTable Crates => Lazily.Crates.Value;

    /// <summary>A set by its name in the table, or null.</summary>
    public CodePointSet? Find(string name) => lines.TryGetValue(name, out var line) ? sets.GetOrAdd(name, _ => Read(line)) : null;

    /// <summary>A set that the table has.</summary>
    public CodePointSet this[string name] => Find(name) ?? throw new KeyNotFoundException($"The table lacks '{name}'.");

    /// <summary>The mapping that lines <c>name+n</c> and <c>name−n</c> are: every code point of the line to the one n further.</summary>
    public FrozenDictionary<int, int> Shifts(string name)
    {
        Dictionary<int, int> mapping = [];
        foreach (var line in lines.Keys.Where(key => key.StartsWith(name, StringComparison.Ordinal)))
        {
            var shift = int.Parse(line.AsSpan(name.Length), CultureInfo.InvariantCulture);
            foreach (var (from, to) in this[line].Ranges)
            {
                for (var value = from; value <= to; value++)
                {
                    mapping[value] = value + shift;
                }
            }
        }

        return mapping.ToFrozenDictionary();
    }

    private static CodePointSet Read(string line)
    {
        List<(int From, int To)> ranges = [];
        var last = 0;
        foreach (var range in line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var plus = range.IndexOf('+', StringComparison.Ordinal);
            var from = last + Number(plus < 0 ? range : range[..plus]);
            last = from + (plus < 0 ? 0 : Number(range[(plus + 1)..]));
            ranges.Add((from, last));
        }

        return CodePointSet.Of(ranges);
    }

    private static int Number(string digits) =>
        digits.Aggregate(0, (value, digit) => (value * 36) + (char.IsAsciiDigit(digit) ? digit - '0' : digit - 'a' + 10));

    private static class Lazily
    {
        public static readonly Lazy<UnicodeTable> Oniguruma = new(() => new UnicodeTable("oniguruma.txt"));
        public static readonly Lazy<UnicodeTable> Crates = new(() => new UnicodeTable("crates.txt"));
    }
}
