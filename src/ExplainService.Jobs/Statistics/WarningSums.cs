using System.Text.RegularExpressions;

namespace ExplainService.Jobs.Statistics;

/// <summary>
/// What rows are warned of. Warnings that differ in their numbers alone (of how many tokens a text has) are one: else each row would have its
/// own.
/// </summary>
internal sealed partial class WarningSums
{
    /// <summary>Kinds that are told apart; what comes later is only counted.</summary>
    private const int MostKinds = 100;

    private readonly Dictionary<string, Told> kinds = new(StringComparer.Ordinal);
    private long others;

    /// <summary>A row is warned.</summary>
    public void Add(long row, string warning)
    {
        var kind = Numbers().Replace(warning, "#");
        if (kinds.TryGetValue(kind, out var told))
        {
            told.Rows++;
        }
        else if (kinds.Count < MostKinds)
        {
            kinds[kind] = new Told(row, warning);
        }
        else
        {
            others++;
        }
    }

    /// <summary>The first of each kind, with how many rows it is about.</summary>
    public IEnumerable<string> Answer()
    {
        foreach (var told in kinds.Values)
        {
            yield return told.Rows == 1
                ? FormattableString.Invariant($"{told.Warning} (row {told.Row})")
                : FormattableString.Invariant($"{told.Warning} (row {told.Row}, and {told.Rows - 1} more like it)");
        }

        if (others > 0)
        {
            yield return FormattableString.Invariant($"{others} further warnings stand in the results of their rows.");
        }
    }

    [GeneratedRegex(@"\d+(\.\d+)?")]
    private static partial Regex Numbers();

    private sealed class Told(long row, string warning)
    {
        public long Row => row;

        public string Warning => warning;

        public long Rows { get; set; } = 1;
    }
}
