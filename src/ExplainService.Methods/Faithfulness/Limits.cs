using System.Numerics;
using ExplainService.Methods.Coalitions;
using ExplainService.Methods.Contracts;
using ExplainService.Methods.Faithfulness.Metrics;

namespace ExplainService.Methods.Faithfulness;

/// <summary>
/// The best and the worst figure of any order, which a figure is measured by that texts are to be compared on (Edin et al. 2025): exactly up
/// to 10 units, by dynamic programming over their sets, and by beam search beyond.
/// </summary>
internal static class Limits
{
    /// <summary>Units up to which all orders are looked through.</summary>
    public const int MaxExactUnits = 10;

    private const int Beam = 5;

    /// <summary>The limits of each part of a metric; null: the budget does not bear the search.</summary>
    public static async Task<MetricLimits[]?> FindAsync(ChainMetric metric, SetTable table, CancellationToken cancellationToken)
    {
        var limits = new MetricLimits[metric.Parts.Count];
        for (var part = 0; part < limits.Length; part++)
        {
            var largest = await ExtremeAsync(metric, part, 1, table, cancellationToken).ConfigureAwait(false);
            var smallest = await ExtremeAsync(metric, part, -1, table, cancellationToken).ConfigureAwait(false);
            if (largest is null || smallest is null)
            {
                return null;
            }

            limits[part] =
                metric.BetterOf(part) == Better.Larger
                    ? new MetricLimits(smallest.Value, largest.Value, table.Units <= MaxExactUnits)
                    : new MetricLimits(largest.Value, smallest.Value, table.Units <= MaxExactUnits);
        }

        return limits;
    }

    private static Task<double?> ExtremeAsync(
        ChainMetric metric,
        int part,
        int sign,
        SetTable table,
        CancellationToken cancellationToken
    ) =>
        table.Units <= MaxExactUnits
            ? ExactAsync(metric, part, sign, table, cancellationToken)
            : BeamAsync(metric, part, sign, table, cancellationToken);

    /// <summary>The longest way through the sets, from none to all, a unit at a time.</summary>
    private static async Task<double?> ExactAsync(
        ChainMetric metric,
        int part,
        int sign,
        SetTable table,
        CancellationToken cancellationToken
    )
    {
        var units = table.Units;
        Coalition[] sets = [.. Enumerable.Range(0, 1 << units).Select(bits => Coalition.Of(units, unit => ((bits >> unit) & 1) != 0))];
        if (!table.TryWant(sets.SelectMany(set => metric.Sets(set, set.Count))))
        {
            return null;
        }

        await table.ScoreAsync(cancellationToken).ConfigureAwait(false);
        var best = new double[sets.Length];
        for (var bits = 0; bits < best.Length; bits++)
        {
            var before = bits == 0 ? 0 : double.NegativeInfinity;
            for (var unit = 0; unit < units; unit++)
            {
                if (((bits >> unit) & 1) != 0)
                {
                    before = Math.Max(before, best[bits ^ (1 << unit)]);
                }
            }

            best[bits] = before + (sign * metric.Term(part, sets[bits], BitOperations.PopCount((uint)bits), table));
        }

        return sign * best[^1];
    }

    private static async Task<double?> BeamAsync(
        ChainMetric metric,
        int part,
        int sign,
        SetTable table,
        CancellationToken cancellationToken
    )
    {
        var units = table.Units;
        List<(Coalition Top, double Sum)> beam = [(Coalition.Empty(units), 0)];
        for (var k = 0; k <= units; k++)
        {
            var next = beam;
            if (k > 0)
            {
                var found = new Dictionary<Coalition, double>();
                foreach (var (top, sum) in beam)
                {
                    foreach (var unit in Enumerable.Range(0, units).Where(unit => !top[unit]))
                    {
                        var longer = top.With(unit);
                        found[longer] = Math.Max(sum, found.GetValueOrDefault(longer, double.NegativeInfinity));
                    }
                }

                next = [.. found.Select(pair => (pair.Key, pair.Value))];
            }

            if (!table.TryWant(next.SelectMany(step => metric.Sets(step.Top, k))))
            {
                return null;
            }

            await table.ScoreAsync(cancellationToken).ConfigureAwait(false);
            var length = k;
            beam =
            [
                .. next.Select(step => (step.Top, step.Sum + (sign * metric.Term(part, step.Top, length, table))))
                    .OrderByDescending(step => step.Item2)
                    .Take(Beam),
            ];
        }

        return sign * beam[0].Sum;
    }
}
