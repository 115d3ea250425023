using System.Runtime.CompilerServices;
using ExplainService.Methods.Contracts;
using ExplainService.Methods.Pipeline;
using ExplainService.Runtime;

namespace ExplainService.Methods.Perturbation;

/// <summary>
/// The text as the model reads it while its units change: one window or several, of which only those that hold a changed unit are computed
/// again.
/// </summary>
internal sealed class TextWindows
{
    private readonly ExplanationContext context;
    private readonly WindowScorer scorer;
    private readonly GameWindow[] windows;

    /// <summary>The windows of the request's text.</summary>
    /// <param name="context">The request.</param>
    /// <param name="units">What changes.</param>
    /// <param name="cuts">
    /// Whether rows that grow over the model's limit are cut rather than refused; always where there are several windows.
    /// </param>
    public TextWindows(ExplanationContext context, UnitSet units, bool cuts)
    {
        this.context = context;
        scorer = new WindowScorer(context);
        var model = context.Model.Description;
        var several = context.Target.Windows.Count > 1;
        var rules = new EditRules(
            model.MaxTokens,
            model.StandIns.Remainder,
            model.Task is ModelTask.TokenClassification or ModelTask.FillMask,
            cuts || several
        );
        var unitOf = units.ByToken(context.Input.Tokens.Count);
        windows =
        [
            .. context.Target.Windows.Select(window =>
            {
                var members = UnitInWindow.Of(window.Encoding, unitOf);
                return new GameWindow(new RowEditor(window, members, rules), members, several);
            }),
        ];
    }

    /// <summary>f of the whole text, [output], for every change in turn; ends early when the time of the request is up.</summary>
    /// <param name="changes">What becomes of each window.</param>
    /// <param name="cancellationToken">Drops what has not been computed.</param>
    public async IAsyncEnumerable<double[]> ScoreAsync(
        IEnumerable<Func<GameWindow, WindowPart>> changes,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var texts = changes.Select(change => windows.Select(change).ToArray());
        try
        {
            var inTime = context.Deadline.InTime(stop => scorer.ScoreAsync(texts, stop), cancellationToken);
            await foreach (var value in inTime.ConfigureAwait(false))
            {
                yield return value;
            }
        }
        finally
        {
            WarnOfCuts();
        }
    }

    /// <summary>For changes that take tokens away: says so where some cannot go.</summary>
    public void WarnOfKept()
    {
        if (windows.Any(window => window.Editor.KeepsTokens))
        {
            WarnOnce(
                new Warning(
                    WarningCode.TargetTokensKept,
                    "The tokens that the target names stay in place when their unit is removed or replaced; without them there is nothing to score."
                )
            );
        }
    }

    private void WarnOfCuts()
    {
        var longest = windows.Max(window => window.Editor.LongestCut);
        if (longest > 0)
        {
            WarnOnce(
                new Warning(
                    WarningCode.ReplacementsCut,
                    FormattableString.Invariant(
                        $"Longer replacements took rows over the model's limit; up to {longest} tokens at the end of a window were left out there."
                    )
                )
            );
        }
    }

    /// <summary>Every level of units has windows of its own: what the last of them says stands for all.</summary>
    private void WarnOnce(Warning warning)
    {
        context.Warnings.RemoveAll(earlier => earlier.Code == warning.Code);
        context.Warnings.Add(warning);
    }
}
