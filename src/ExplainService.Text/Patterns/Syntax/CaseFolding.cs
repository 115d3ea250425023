using System.Collections.Frozen;
using ExplainService.Text.Unicode;

namespace ExplainService.Text.Patterns.Syntax;

/// <summary>Which characters match one another where case does not matter.</summary>
internal static class CaseFolding
{
    private static readonly Lazy<FrozenDictionary<int, int[]>> Orbits = new(Read);

    /// <summary>The set with every character that one of its own folds with.</summary>
    public static CodePointSet Close(CodePointSet set)
    {
        var more = Orbits.Value.Where(orbit => set.Contains(orbit.Key)).SelectMany(orbit => orbit.Value).Select(value => (value, value));
        return set.Union(CodePointSet.Of(more));
    }

    /// <summary>The table has a line an orbit, all of whose characters match one another.</summary>
    private static FrozenDictionary<int, int[]> Read()
    {
        Dictionary<int, int[]> orbits = [];
        for (var index = 0; UnicodeTable.Oniguruma.Find($"fold{index}") is { } orbit; index++)
        {
            int[] members = [.. orbit.Ranges.SelectMany(range => Enumerable.Range(range.From, range.To - range.From + 1))];
            foreach (var member in members)
            {
                orbits[member] = members;
            }
        }

        return orbits.ToFrozenDictionary();
    }
}
