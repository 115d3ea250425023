using System.Runtime.CompilerServices;
using ExplainService.Methods.Targets;

namespace ExplainService.Methods.Perturbation;

/// <summary>
/// f of every generated token with some of the earlier ones replaced, each by a text of its own, the text being as it is.
/// </summary>
/// <param name="context">The request.</param>
/// <param name="generation">Two tokens or more.</param>
internal sealed class SubstitutedGenerations(ExplanationContext context, GeneratedTarget generation)
{
    /// <summary>f, [generated token], for every substitution in turn; ends early when the time of the request is up.</summary>
    /// <param name="substitutions">From an earlier token to what takes its place; null: it stays.</param>
    /// <param name="cancellationToken">Drops what has not been computed.</param>
    public async IAsyncEnumerable<double[]> ScoreAsync(
        IEnumerable<Func<int, PlacedText?>> substitutions,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var window = context.Window;
        var rows = substitutions.Select(becomes => GeneratedRow.With(window, becomes, context.Model));
        var inTime = context.Deadline.InTime(stop => context.Runner.PredictAsync(rows, context.Work, stop), cancellationToken);
        await foreach (var logits in inTime.ConfigureAwait(false))
        {
            yield return window.Target.Score(logits)[..generation.Ids.Length];
        }
    }
}
