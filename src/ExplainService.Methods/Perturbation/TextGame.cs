using System.Runtime.CompilerServices;
using ExplainService.Methods.Pipeline;
using ExplainService.Runtime;

namespace ExplainService.Methods.Perturbation;

/// <summary>
/// The model as a game of the text's units: v(S) = f(text with the units outside S replaced). A text read in windows is worth the mean or
/// the maximum of f over its windows, of which only those that hold a changed unit are computed again.
/// </summary>
public sealed class TextGame : ICoalitionGame
{
    private readonly ExplanationContext context;
    private readonly Replacement replacement;
    private readonly WindowScorer scorer;
    private readonly GameWindow[] windows;

    /// <summary>The game of these units under this replacement.</summary>
    /// <param name="context">The request.</param>
    /// <param name="units">The players.</param>
    /// <param name="replacement">What stands in for absent units.</param>
    /// <param name="cuts">Whether rows that grow over the model's limit are cut rather than refused; always where the text is read in windows.</param>
    public TextGame(ExplanationContext context, UnitSet units, Replacement replacement, bool cuts = false)
    {
        (this.context, this.replacement) = (context, replacement);
        Players = units.Units.Count;
        Outputs = context.Target.Function.Outputs.Count;
        scorer = new WindowScorer(context);
        var special = context.Model.Tokenizer.Special;
        var model = context.Model.Description;
        var several = context.Target.Windows.Count > 1;
        var rules = new EditRules(
            model.MaxTokens,
            special.Bos ?? special.Cls ?? special.Eos ?? special.Pad ?? special.Unknown,
            model.Task is ModelTask.TokenClassification or ModelTask.FillMask,
            cuts || several);
        windows = [.. context.Target.Windows.Select(window =>
        {
            var positionOf = WindowAlignment.Positions(context.Input.Tokens, window.Encoding);
            UnitInWindow[] members = [.. units.Units
                .Select((unit, index) =>
                    new UnitInWindow(index, [.. unit.Tokens.Select(token => positionOf[token]).Where(position => position >= 0)]))
                .Where(unit => unit.Positions.Length > 0)];
            return new GameWindow(new RowEditor(window, members, rules), members, several);
        })];
        if (replacement.Token is null && windows.Any(window => window.Editor.KeepsTokens))
        {
            context.Warnings.Add("the tokens that the target names stay in place when their unit is removed or replaced: without them there is nothing to score");
        }
    }

    /// <inheritdoc/>
    public int Players { get; }

    /// <inheritdoc/>
    public int Outputs { get; }

    /// <inheritdoc/>
    public async IAsyncEnumerable<double[]> EvaluateAsync(
        IEnumerable<Coalition> coalitions, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var value in context.Deadline.InTime(stop => scorer.ScoreAsync(coalitions.Select(Parts), stop), cancellationToken).ConfigureAwait(false))
            {
                yield return value;
            }
        }
        finally
        {
            WarnOfCuts();
        }
    }

    /// <summary>f of the text with some units replaced by tokens of their own, for every change in turn.</summary>
    /// <param name="changes">Which units, and from unit to tokens.</param>
    /// <param name="cancellationToken">Drops what has not been computed.</param>
    public async IAsyncEnumerable<double[]> ReplaceAsync(
        IEnumerable<(Range Units, Func<int, IReadOnlyList<int>> TokensOf)> changes, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var everybody = Coalition.Full(Players);
        var texts = changes.Select(change =>
            windows.Select(window => window.With(change.Units, change.TokensOf, () => window.Of(everybody, replacement))).ToArray());
        try
        {
            await foreach (var value in context.Deadline.InTime(stop => scorer.ScoreAsync(texts, stop), cancellationToken).ConfigureAwait(false))
            {
                yield return value;
            }
        }
        finally
        {
            WarnOfCuts();
        }
    }

    private WindowPart[] Parts(Coalition coalition) => [.. windows.Select(window => window.Of(coalition, replacement))];

    private void WarnOfCuts()
    {
        const string Start = "longer replacements took rows over the model's limit";
        var longest = windows.Max(window => window.Editor.LongestCut);
        if (longest > 0)
        {
            context.Warnings.RemoveAll(warning => warning.StartsWith(Start, StringComparison.Ordinal));
            context.Warnings.Add(Start + FormattableString.Invariant($": up to {longest} tokens at the end of a window were left out there"));
        }
    }
}
