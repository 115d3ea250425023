using ExplainService.Methods.Coalitions;
using ExplainService.Methods.Targets;

namespace ExplainService.Methods.Perturbation;

/// <summary>
/// The generated tokens as a game of their own: the earlier ones are present or replaced while the text stays as it is, and every token has
/// its f. One row scores all tokens; those that come later are players without worth for it.
/// </summary>
/// <param name="context">The request.</param>
/// <param name="generation">Two tokens or more.</param>
/// <param name="replacement">What stands in for absent tokens, each of them as a unit of text.</param>
public sealed class GeneratedGame(ExplanationContext context, GeneratedTarget generation, Replacement replacement) : ICoalitionGame
{
    /// <inheritdoc/>
    public int Players => generation.Ids.Length - 1;

    /// <inheritdoc/>
    public int Outputs => generation.Ids.Length;

    /// <inheritdoc/>
    public IAsyncEnumerable<double[]> EvaluateAsync(IEnumerable<Coalition> coalitions, CancellationToken cancellationToken)
    {
        var instead = replacement.Token is { } token ? PlacedText.Exactly(token) : replacement.Text;
        return new SubstitutedGenerations(context, generation).ScoreAsync(
            coalitions.Select(coalition => (Func<int, PlacedText?>)(player => coalition[player] ? null : instead)),
            cancellationToken
        );
    }
}
