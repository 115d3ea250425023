using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using ExplainService.Methods.Contracts;
using ExplainService.Methods.Pipeline;
using ExplainService.Methods.Targets;

namespace ExplainService.Methods.Perturbation;

/// <summary>
/// The model as a game of the text's units: v(S) = f(text with the units outside S replaced). A text read in windows is worth the mean or
/// the maximum of f over its windows.
/// </summary>
public sealed class TextGame : ICoalitionGame
{
    private readonly ExplanationContext context;
    private readonly RowEditor[] editors;
    private readonly bool largest;

    /// <summary>The game of these units under this replacement.</summary>
    public TextGame(ExplanationContext context, UnitSet units, Replacement replacement)
    {
        this.context = context;
        Players = units.Units.Count;
        Outputs = context.Target.Function.Outputs.Count;
        largest = context.Request.WindowReduction == WindowReduction.Max;
        var special = context.Model.Tokenizer.Special;
        var placeholder = special.Bos ?? special.Cls ?? special.Eos ?? special.Pad ?? special.Unknown;
        editors = [.. context.Target.Windows.Select(window =>
        {
            var positionOf = WindowAlignment.Positions(context.Input.Tokens, window.Encoding);
            int[][] positions = [.. units.Units.Select(unit => unit.Tokens.Select(token => positionOf[token]).Where(position => position >= 0).ToArray())];
            return new RowEditor(window, positions, replacement, context.Model.Description.MaxTokens, placeholder);
        })];
    }

    /// <inheritdoc/>
    public int Players { get; }

    /// <inheritdoc/>
    public int Outputs { get; }

    /// <inheritdoc/>
    public async IAsyncEnumerable<double[]> EvaluateAsync(
        IEnumerable<Coalition> coalitions, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var pending = new ConcurrentQueue<TargetFunction>();
        var rows = coalitions.SelectMany(coalition => editors.Select(editor =>
        {
            var scored = editor.Edit(coalition);
            pending.Enqueue(scored.Target);
            return scored.Row;
        }));
        var window = 0;
        double[]? value = null;
        await foreach (var logits in context.Runner.PredictAsync(rows, context.Work, cancellationToken).ConfigureAwait(false))
        {
            pending.TryDequeue(out var target);
            var score = target!.Score(logits);
            value = value is null ? score : Combine(value, score);
            if (++window == editors.Length)
            {
                yield return largest ? value : [.. value.Select(sum => sum / editors.Length)];
                (window, value) = (0, null);
            }
        }
    }

    private double[] Combine(double[] left, double[] right) =>
        [.. left.Zip(right, (a, b) => largest ? Math.Max(a, b) : a + b)];
}
