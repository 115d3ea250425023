using ExplainService.Methods.Coalitions;
using ExplainService.Methods.Pipeline;

namespace ExplainService.Methods.Perturbation;

/// <summary>The model as a game of the text's units: v(S) = f(text with the units outside S replaced).</summary>
public sealed class TextGame : ICoalitionGame
{
    private readonly TextWindows windows;
    private readonly Replacement replacement;

    /// <summary>The game of these units under this replacement.</summary>
    /// <param name="context">The request.</param>
    /// <param name="units">The players.</param>
    /// <param name="replacement">What stands in for absent units.</param>
    public TextGame(ExplanationContext context, UnitSet units, Replacement replacement)
    {
        this.replacement = replacement;
        Players = units.Units.Count;
        Outputs = context.Target.Function.Outputs.Count;
        windows = new TextWindows(context, units, cuts: false);
        if (replacement.Token is null)
        {
            windows.WarnOfKept();
        }
    }

    /// <inheritdoc/>
    public int Players { get; }

    /// <inheritdoc/>
    public int Outputs { get; }

    /// <inheritdoc/>
    public IAsyncEnumerable<double[]> EvaluateAsync(IEnumerable<Coalition> coalitions, CancellationToken cancellationToken) =>
        windows.ScoreAsync(
            coalitions.Select(coalition => (Func<GameWindow, WindowPart>)(window => window.Of(coalition, replacement))),
            cancellationToken
        );
}
