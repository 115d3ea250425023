using ExplainService.Methods.Contracts;
using ExplainService.Methods.Faithfulness.Metrics;
using ExplainService.Runtime;

namespace ExplainService.Methods.Faithfulness;

/// <summary>One explanation that is judged.</summary>
/// <param name="Name">What it is called; empty where it is the only one.</param>
/// <param name="Scores">Its scores.</param>
/// <param name="Evidence">What metrics need beside them.</param>
internal sealed record JudgedExplanation(string Name, JudgedScores Scores, Evidence Evidence);

/// <summary>
/// Measures explanations of one text by the same tables. What the metrics read of all of them is taken in first, the explanations' own
/// figures before those of random orders, and then scored at one go.
/// </summary>
/// <param name="metrics">What is measured.</param>
/// <param name="tables">One for each replacement.</param>
/// <param name="randomOrders">How many orders by chance there are to compare with.</param>
/// <param name="normalise">Whether limits are wanted.</param>
/// <param name="warnings">Told what is left out.</param>
internal sealed class Judge(
    IReadOnlyList<Metric> metrics,
    IReadOnlyList<SetTable> tables,
    int randomOrders,
    bool normalise,
    ICollection<Warning> warnings
)
{
    private readonly Dictionary<string, List<string>> leftOut = [];

    /// <summary>The figures of every explanation, {metric: {replacement: figures}}.</summary>
    /// <param name="explanations">Of the same units.</param>
    /// <param name="seed">Of the orders by chance.</param>
    /// <param name="cancellationToken">Drops what has not been computed.</param>
    public async Task<IReadOnlyList<Dictionary<string, IReadOnlyDictionary<string, MetricAnswer>>>> MeasureAsync(
        IReadOnlyList<JudgedExplanation> explanations,
        long seed,
        CancellationToken cancellationToken
    )
    {
        var chance = Ranking.Random(tables[0].Units, randomOrders, seed);
        var plans = (
            from metric in metrics
            from table in tables
            from explanation in explanations
            select new Plan(metric, table, explanation)
        ).ToList();
        var unmeasured = plans.Where(plan => !IsMeasured(plan)).Select(plan => (plan.Metric, plan.Explanation)).ToHashSet();

        // Under some of the replacements alone, a figure could not be set beside those of other explanations.
        plans.RemoveAll(plan => unmeasured.Contains((plan.Metric, plan.Explanation)));
        var dealt = explanations.ToDictionary(explanation => explanation, explanation => chance.Select(explanation.Scores.Dealt).ToArray());
        foreach (var plan in plans.Where(plan => plan.Metric.DependsOnOrder))
        {
            if (plan.Table.TryWant(dealt[plan.Explanation].SelectMany(scores => plan.Metric.Sets(scores, plan.Explanation.Evidence))))
            {
                plan.Dealt = dealt[plan.Explanation];
            }
            else
            {
                LeaveOut("random orders", plan);
            }
        }

        foreach (var table in tables)
        {
            await table.ScoreAsync(cancellationToken).ConfigureAwait(false);
        }

        var limits = await LimitsAsync(plans, cancellationToken).ConfigureAwait(false);
        Warn();
        return [.. explanations.Select(explanation => Answer(plans.Where(plan => plan.Explanation == explanation), limits))];
    }

    private static Dictionary<string, IReadOnlyDictionary<string, MetricAnswer>> Answer(
        IEnumerable<Plan> plans,
        Dictionary<(Metric, SetTable), MetricLimits[]> limits
    ) =>
        plans
            .GroupBy(plan => plan.Metric.Name)
            .ToDictionary(
                metric => metric.Key,
                metric =>
                    (IReadOnlyDictionary<string, MetricAnswer>)
                        metric.ToDictionary(
                            plan => plan.Table.Name,
                            plan => MetricAnswers.Of(plan, limits.GetValueOrDefault((plan.Metric, plan.Table)))
                        )
            );

    private bool IsMeasured(Plan plan)
    {
        var (metric, evidence) = (plan.Metric, plan.Explanation.Evidence);
        if (metric.Refuses(evidence, plan.Table.HasProbabilities) is { } reason)
        {
            var of = plan.Explanation.Name.Length > 0 ? $" of {plan.Explanation.Name}" : "";
            Add(new Warning(WarningCode.MetricLeftOut, $"\"{metric.Name}\"{of} was left out: {reason}."));
            return false;
        }

        if (!plan.Table.TryWant(metric.Sets(plan.Explanation.Scores, evidence)))
        {
            LeaveOut("figures", plan);
            return false;
        }

        return true;
    }

    private async Task<Dictionary<(Metric, SetTable), MetricLimits[]>> LimitsAsync(List<Plan> plans, CancellationToken cancellationToken)
    {
        var found = new Dictionary<(Metric, SetTable), MetricLimits[]>();
        foreach (var plan in normalise ? plans.DistinctBy(plan => (plan.Metric, plan.Table)) : [])
        {
            if (plan.Metric is not ChainMetric chain)
            {
                continue;
            }

            if (await Limits.FindAsync(chain, plan.Table, cancellationToken).ConfigureAwait(false) is { } limits)
            {
                found[(plan.Metric, plan.Table)] = limits;
            }
            else
            {
                LeaveOut("limits", plan);
            }
        }

        return found;
    }

    private void LeaveOut(string what, Plan plan)
    {
        var of = plan.Explanation.Name.Length > 0 && what == "figures" ? $" of {plan.Explanation.Name}" : "";
        var named = $"\"{plan.Metric.Name}\" ({plan.Table.Name}){of}";
        if (!leftOut.TryGetValue(what, out var all))
        {
            leftOut[what] = all = [];
        }

        if (!all.Contains(named))
        {
            all.Add(named);
        }
    }

    private void Warn()
    {
        foreach (var (what, named) in leftOut)
        {
            Add(
                new Warning(
                    WarningCode.MetricLeftOut,
                    $"Within \"max_evaluations\" there was no room for the {what} of {string.Join(", ", named)}."
                )
            );
        }
    }

    private void Add(Warning warning)
    {
        if (!warnings.Contains(warning))
        {
            warnings.Add(warning);
        }
    }

    /// <summary>A metric of an explanation under a replacement.</summary>
    internal sealed record Plan(Metric Metric, SetTable Table, JudgedExplanation Explanation)
    {
        /// <summary>The scores dealt out by chance; none where the budget does not bear them.</summary>
        public IReadOnlyList<JudgedScores> Dealt { get; set; } = [];
    }
}
