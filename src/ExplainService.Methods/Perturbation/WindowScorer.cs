using System.Runtime.CompilerServices;
using ExplainService.Methods.Targets;

namespace ExplainService.Methods.Perturbation;

/// <summary>One window of a changed text: a row to score, or a score that is known because nothing in the window has changed.</summary>
/// <param name="Row">What to score; null where it is known.</param>
/// <param name="Known">[outputs].</param>
/// <param name="Remember">Told the score once it is there.</param>
internal sealed record WindowPart(ScoredRow? Row, double[]? Known, Action<double[]>? Remember = null);

/// <summary>
/// f of whole texts that the model reads in windows, or beside each other. Only windows that are not known are computed.
/// </summary>
internal sealed class WindowScorer(ExplanationContext context)
{
    /// <summary>Scores of texts, in order; the source may be lazy and long.</summary>
    /// <param name="texts">For every text its windows.</param>
    /// <param name="cancellationToken">Drops what has not been computed.</param>
    public async IAsyncEnumerable<double[]> ScoreAsync(
        IEnumerable<WindowPart[]> texts,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var pending = new Queue<Text>();
        await foreach (
            var logits in context.Runner.PredictAsync(Rows(texts, pending), context.Work, cancellationToken).ConfigureAwait(false)
        )
        {
            while (pending.Peek().Complete)
            {
                yield return Combined(pending.Dequeue());
            }

            var head = pending.Peek();
            head.Fill(target => target.Score(logits));
            if (head.Complete)
            {
                yield return Combined(pending.Dequeue());
            }
        }

        while (pending.TryDequeue(out var known))
        {
            yield return Combined(known);
        }
    }

    private static IEnumerable<Runtime.TokenRow> Rows(IEnumerable<WindowPart[]> texts, Queue<Text> pending)
    {
        foreach (var parts in texts)
        {
            pending.Enqueue(new Text(parts));
            foreach (var part in parts)
            {
                if (part.Row is { } scored)
                {
                    yield return scored.Row;
                }
            }
        }
    }

    private double[] Combined(Text text) => context.Target.Combination.Of(text.Scores!);

    private sealed class Text(WindowPart[] parts)
    {
        private int at = NextUnknown(parts, 0);

        public double[]?[] Scores { get; } = [.. parts.Select(part => part.Known)];

        public bool Complete => at == parts.Length;

        public void Fill(Func<TargetFunction, double[]> score)
        {
            var value = score(parts[at].Row!.Target);
            Scores[at] = value;
            parts[at].Remember?.Invoke(value);
            at = NextUnknown(parts, at + 1);
        }

        private static int NextUnknown(WindowPart[] parts, int from)
        {
            while (from < parts.Length && parts[from].Row is null)
            {
                from++;
            }

            return from;
        }
    }
}
