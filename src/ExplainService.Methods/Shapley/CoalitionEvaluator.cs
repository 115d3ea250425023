using ExplainService.Methods.Coalitions;
using ExplainService.Methods.Contracts;

namespace ExplainService.Methods.Shapley;

/// <summary>
/// Asks a game for values until the budget or the time is spent, and counts. What it returns is a prefix of what was asked.
/// </summary>
internal sealed class CoalitionEvaluator(ICoalitionGame game, ShapleyOptions options)
{
    /// <summary>Coalitions evaluated so far.</summary>
    public int Evaluations { get; private set; }

    /// <summary>Coalitions that may still be evaluated.</summary>
    public int Left => options.MaxEvaluations - Evaluations;

    /// <summary>Whether the time was found to be up before all was evaluated.</summary>
    public bool DeadlineReached { get; private set; }

    /// <summary>v(∅) and v(N): without them nothing adds up, so they are evaluated whatever the time.</summary>
    /// <exception cref="NoPartialResultException">The game had no time for them.</exception>
    public async Task<(double[] Empty, double[] Full)> EndsAsync(CancellationToken cancellationToken)
    {
        if (game.Players == 0)
        {
            var only = await EvaluateAsync([Coalition.Empty(0)], 1, static () => false, cancellationToken);
            return only.Count == 1 ? (only[0], only[0]) : throw new NoPartialResultException();
        }

        var ends = await EvaluateAsync(
            [Coalition.Empty(game.Players), Coalition.Full(game.Players)],
            2,
            static () => false,
            cancellationToken
        );
        return ends.Count == 2 ? (ends[0], ends[1]) : throw new NoPartialResultException();
    }

    /// <summary>The values of the coalitions, or of the first of them if the time is up.</summary>
    public Task<List<double[]>> EvaluateAsync(IReadOnlyCollection<Coalition> coalitions, CancellationToken cancellationToken) =>
        EvaluateAsync(coalitions, coalitions.Count, cancellationToken);

    /// <summary>The same for coalitions that are made while they are evaluated; <paramref name="count"/> says how many there will be.</summary>
    public Task<List<double[]>> EvaluateAsync(IEnumerable<Coalition> coalitions, int count, CancellationToken cancellationToken) =>
        EvaluateAsync(coalitions, count, OutOfTime, cancellationToken);

    /// <summary>Whether the time is up; once it is, nothing more is evaluated.</summary>
    public bool OutOfTime() => DeadlineReached = DeadlineReached || (options.OutOfTime?.Invoke() ?? false);

    private async Task<List<double[]>> EvaluateAsync(
        IEnumerable<Coalition> coalitions,
        int count,
        Func<bool> outOfTime,
        CancellationToken cancellationToken
    )
    {
        var values = new List<double[]>(count);
        if (count == 0 || outOfTime())
        {
            return values;
        }

        if (count > Left)
        {
            throw new InvalidOperationException($"{count} coalitions asked with {Left} evaluations left.");
        }

        await foreach (var value in game.EvaluateAsync(coalitions, cancellationToken).WithCancellation(cancellationToken))
        {
            values.Add(value);
            Evaluations++;
            if (values.Count < count && outOfTime())
            {
                break;
            }
        }

        DeadlineReached |= values.Count < count;
        return values;
    }
}
