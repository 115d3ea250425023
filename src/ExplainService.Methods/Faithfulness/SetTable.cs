using ExplainService.Methods.Coalitions;
using ExplainService.Methods.Contracts;
using ExplainService.Methods.Faithfulness.Metrics;
using ExplainService.Methods.Perturbation;
using ExplainService.Methods.Pipeline;
using ExplainService.Runtime;

namespace ExplainService.Methods.Faithfulness;

/// <summary>Evaluations that a request may still spend.</summary>
/// <param name="most">How many there are.</param>
internal sealed class EvaluationBudget(long most)
{
    /// <summary>How many are left.</summary>
    public long Left => Math.Max(0, most - Spent);

    /// <summary>How many were spent.</summary>
    public long Spent { get; private set; }

    /// <summary>Spends some, more than are left too: what has been done cannot be undone.</summary>
    public void Spend(long evaluations) => Spent += evaluations;
}

/// <summary>
/// What the model says of the text with sets of its units removed, under one replacement: one table for every metric and every explanation,
/// in which each set is scored once.
/// </summary>
internal sealed class SetTable : ISetValues
{
    // The functions of a set's logits are read one after the other from what the model remembers, which is no more than this of a vocabulary.
    private const int Stride = 64;

    private readonly IReadOnlyList<(Objective Objective, TextGame Game, int Output)> columns;
    private readonly Objective objective;
    private readonly EvaluationBudget budget;
    private readonly Dictionary<Coalition, SetValue> values = [];
    private readonly HashSet<Coalition> wanted = [];

    private SetTable(
        string name,
        int units,
        IReadOnlyList<(Objective, TextGame, int)> columns,
        Objective objective,
        EvaluationBudget budget
    )
    {
        (Name, Units, this.columns, this.objective, this.budget) = (name, units, columns, objective, budget);
        wanted.Add(Coalition.Full(units));
    }

    /// <summary>The replacement, as requests call it.</summary>
    public string Name { get; }

    /// <inheritdoc/>
    public int Units { get; }

    /// <inheritdoc/>
    public bool HasProbabilities => columns.Any(column => column.Objective == Objective.LogProbability);

    /// <inheritdoc/>
    public SetValue this[Coalition present] => values[present];

    /// <summary>The table of a request.</summary>
    /// <param name="replacement">What stands in for removed units.</param>
    /// <param name="context">The request; its model remembers what it has said.</param>
    /// <param name="units">The units.</param>
    /// <param name="budget">What may be spent on it.</param>
    /// <param name="cancellationToken">Drops what has not been computed.</param>
    /// <exception cref="InvalidRequestException">The model has no such token (422).</exception>
    public static async Task<SetTable> OfAsync(
        ReplacementRequest replacement,
        ExplanationContext context,
        UnitSet units,
        EvaluationBudget budget,
        CancellationToken cancellationToken
    )
    {
        var resolved = Replacement.Resolve(replacement, context.Model, context.Warnings);
        var (model, own) = (context.Model.Description, context.Target.Function.Objective);
        Objective[] objectives =
            model.Link == Link.Identity || model.Task == ModelTask.FeatureExtraction ? [own]
            : context.Request.Against is not null ? [Objective.Logit, Objective.LogProbability]
            : [Objective.Logit, Objective.Probability, Objective.LogProbability];
        var columns = new List<(Objective, TextGame, int)>();
        foreach (var objective in objectives)
        {
            var target =
                objective == own
                    ? context.Target
                    : await context.Nested!.ResolveAsync(objective, context, cancellationToken).ConfigureAwait(false);
            var reading = context with { Resolved = target, Warnings = columns.Count == 0 ? context.Warnings : [] };
            columns.Add((objective, new TextGame(reading, units, resolved), target.MainOutput));
        }

        return new SetTable(EnumNames.Of(replacement.Kind), units.Units.Count, columns, own, budget);
    }

    /// <summary>Takes sets in where the budget bears all that are new.</summary>
    /// <returns>Whether it does; else none of them is.</returns>
    public bool TryWant(IEnumerable<Coalition> sets)
    {
        var added = new HashSet<Coalition>();
        foreach (var set in sets)
        {
            if (!values.ContainsKey(set) && !wanted.Contains(set) && added.Add(set) && added.Count > budget.Left)
            {
                return false;
            }
        }

        budget.Spend(added.Count);
        wanted.UnionWith(added);
        return true;
    }

    /// <summary>Scores what has been taken in.</summary>
    public async Task ScoreAsync(CancellationToken cancellationToken)
    {
        foreach (var sets in wanted.Chunk(Stride))
        {
            var said = new Dictionary<Objective, List<double>>();
            foreach (var (function, game, output) in columns)
            {
                said[function] = await game.EvaluateAsync(sets, cancellationToken)
                    .Select(scores => scores[output])
                    .ToListAsync(cancellationToken)
                    .ConfigureAwait(false);
            }

            for (var i = 0; i < sets.Length; i++)
            {
                values[sets[i]] = ValueOf(said, i);
            }
        }

        wanted.Clear();
    }

    private SetValue ValueOf(Dictionary<Objective, List<double>> said, int set)
    {
        var f = said[objective][set];
        double? logP = At(Objective.LogProbability);
        return new SetValue(f, At(Objective.Probability) ?? logP ?? f, At(Objective.Logit) ?? f, logP);

        double? At(Objective wantedObjective) => said.TryGetValue(wantedObjective, out var column) ? column[set] : null;
    }
}
