using System.Runtime.CompilerServices;
using ExplainService.Methods.Pipeline;
using ExplainService.Methods.Targets;

namespace ExplainService.Methods.Perturbation;

/// <summary>
/// The generated tokens as a game of their own: the earlier ones are present or replaced while the text stays as it is, and every token has
/// its f. One row scores all tokens; those that come later are players without worth for it.
/// </summary>
/// <param name="context">The request.</param>
/// <param name="generation">Two tokens or more.</param>
/// <param name="replacement">What stands in for absent tokens, each of them as a unit of text.</param>
public sealed class GeneratedGame(ExplanationContext context, GenerationReading generation, Replacement replacement) : ICoalitionGame
{
    /// <inheritdoc/>
    public int Players => generation.Ids.Length - 1;

    /// <inheritdoc/>
    public int Outputs => generation.Ids.Length;

    /// <inheritdoc/>
    public IAsyncEnumerable<double[]> EvaluateAsync(IEnumerable<Coalition> coalitions, CancellationToken cancellationToken)
    {
        IReadOnlyList<int> instead = replacement.Token is { } token ? [token] : replacement.Tokens;
        return ReplaceAsync(coalitions.Select(coalition => (Func<int, IReadOnlyList<int>?>)(player => coalition[player] ? null : instead)), cancellationToken);
    }

    /// <summary>f of every token with some of the earlier ones replaced by tokens of their own, for every change in turn.</summary>
    /// <param name="changes">From an earlier token to those in its place; null: it stays.</param>
    /// <param name="cancellationToken">Drops what has not been computed.</param>
    public async IAsyncEnumerable<double[]> ReplaceAsync(
        IEnumerable<Func<int, IReadOnlyList<int>?>> changes, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var window = context.Window;
        var rows = changes.Select(becomes => GeneratedRow.With(window, becomes, context.Model.Description.MaxTokens));
        await foreach (var logits in context.Deadline.InTime(stop => context.Runner.PredictAsync(rows, context.Work, stop), cancellationToken).ConfigureAwait(false))
        {
            yield return window.Target.Score(logits)[..Outputs];
        }
    }
}
