using ExplainService.Text.Patterns.Syntax;
using ExplainService.Text.Unicode;

namespace ExplainService.Text.Patterns;

/// <summary>What a pattern may cost, as far as its form shows it.</summary>
/// <param name="Sets">The sets of characters that it has.</param>
/// <param name="Size">How many characters it is long with every count written out.</param>
/// <param name="MayExplode">Whether there may be so many ways to match a text that trying them takes for ever.</param>
internal sealed record PatternCost(IReadOnlyCollection<CodePointSet> Sets, long Size, bool MayExplode)
{
    /// <summary>The longest pattern that is run.</summary>
    public const long MaxSize = 200_000;

    /// <summary>Open ends in a row share out what they match in a number of ways that grows with the power of their number.</summary>
    private const int MaxOpenEnds = 3;

    public static PatternCost Of(PatternNode node)
    {
        HashSet<CodePointSet> sets = [];
        var (size, _, explodes) = Weigh(node, sets);
        return new PatternCost(sets, size, explodes);
    }

    private static (long Size, int OpenEnds, bool Explodes) Weigh(PatternNode node, HashSet<CodePointSet> sets)
    {
        switch (node)
        {
            case PatternNode.Set set:
                sets.Add(set.Characters);
                return (1, 0, false);
            case PatternNode.Sequence sequence:
                var parts = sequence.Parts.Select(part => Weigh(part, sets)).ToArray();
                var open = parts.Sum(part => part.OpenEnds);
                return (Sum(parts.Select(part => part.Size)), open, open > MaxOpenEnds || Array.Exists(parts, part => part.Explodes));
            case PatternNode.Choice choice:
                var options = choice.Options.Select(option => Weigh(option, sets)).ToArray();
                return (
                    Sum(options.Select(option => option.Size)),
                    options.Max(option => option.OpenEnds),
                    Array.Exists(options, option => option.Explodes)
                );
            case PatternNode.Repeat repeat:
                var part = Weigh(repeat.Part, sets);
                var times = Math.Max(1, repeat.Most ?? repeat.Least);
                var again = repeat.Most is null or > 1;
                var size = Math.Min(part.Size * times, MaxSize + 1);
                return (
                    size,
                    repeat.Most is null ? Math.Max(1, part.OpenEnds) : part.OpenEnds,
                    part.Explodes || (again && !IsSet(repeat.Part))
                );
            case PatternNode.Atomic atomic:
                return Weigh(atomic.Part, sets) with { OpenEnds = 0 };
            case PatternNode.Look look:
                return Weigh(look.Part, sets) with { OpenEnds = 0 };
            default:
                return (0, 0, false);
        }
    }

    private static long Sum(IEnumerable<long> sizes) => Math.Min(sizes.Sum(), MaxSize + 1);

    private static bool IsSet(PatternNode node) =>
        node is PatternNode.Set || (node is PatternNode.Sequence { Parts: [var only] } && IsSet(only));
}
