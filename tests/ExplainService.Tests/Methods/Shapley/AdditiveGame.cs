using System.Runtime.CompilerServices;
using ExplainService.Methods.Coalitions;

namespace ExplainService.Tests.Methods.Shapley;

/// <summary>
/// Player i is worth 1/(i+1). The game keeps nothing and never waits, so that an estimate of it is one call on one thread and what that
/// allocates is the estimator's own, but for one array an evaluation.
/// </summary>
internal sealed class AdditiveGame(int players, int outputs = 1) : ICoalitionGame
{
    public int Players => players;

    public int Outputs => outputs;

    public int Evaluations { get; private set; }

    public async IAsyncEnumerable<double[]> EvaluateAsync(
        IEnumerable<Coalition> coalitions,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        await Task.CompletedTask;
        foreach (var coalition in coalitions)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Evaluations++;
            var value = new double[outputs];
            for (var player = 0; player < players; player++)
            {
                value[0] += coalition[player] ? 1.0 / (player + 1) : 0;
            }

            // Every other output is the first one's opposite.
            for (var output = 1; output < outputs; output++)
            {
                value[output] = -value[output - 1];
            }

            yield return value;
        }
    }
}
