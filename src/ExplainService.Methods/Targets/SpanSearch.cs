using ExplainService.Runtime;
using ExplainService.Text;

namespace ExplainService.Methods.Targets;

/// <summary>A span that may answer a question.</summary>
/// <param name="Start">First token, in the window that it was found in.</param>
/// <param name="End">Last token.</param>
/// <param name="Logit">Sum of both logits.</param>
/// <param name="Probability">Product of both softmaxes.</param>
public sealed record FoundSpan(int Start, int End, double Logit, double Probability);

/// <summary>
/// The strongest valid spans of a question-answering head: start ≤ end, both in the context, of a length that answers have.
/// </summary>
public static class SpanSearch
{
    /// <summary>The most tokens of a predicted span; what a target names may be longer.</summary>
    public const int MaxSpanLength = 30;

    /// <summary>The strongest spans, strongest first.</summary>
    /// <param name="logits">Two lines, start and end, a column for each token.</param>
    /// <param name="encoding">Question and context.</param>
    /// <param name="count">The most spans.</param>
    public static IReadOnlyList<FoundSpan> Best(Logits logits, Encoding encoding, int count)
    {
        int[] context = [.. Enumerable.Range(0, encoding.Count).Where(index => encoding.Tokens[index] is { Sequence: 1, Special: false })];
        var starts = logits[0];
        var ends = logits[1];
        var queue = new PriorityQueue<(int Start, int End), double>();
        for (var i = 0; i < context.Length; i++)
        {
            for (var j = i; j < Math.Min(context.Length, i + MaxSpanLength); j++)
            {
                var logit = (double)starts[context[i]] + ends[context[j]];
                if (queue.Count < count)
                {
                    queue.Enqueue((context[i], context[j]), logit);
                }
                else
                {
                    queue.EnqueueDequeue((context[i], context[j]), logit);
                }
            }
        }

        var normalisation = Probabilities.LogSumExp(starts) + Probabilities.LogSumExp(ends);
        var found = new List<FoundSpan>(queue.Count);
        while (queue.TryDequeue(out var span, out var logit))
        {
            found.Add(new FoundSpan(span.Start, span.End, logit, Math.Exp(logit - normalisation)));
        }

        found.Reverse();
        return found;
    }
}
