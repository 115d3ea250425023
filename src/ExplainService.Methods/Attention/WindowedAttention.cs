using ExplainService.Methods.Contracts;
using ExplainService.Methods.Targets;

namespace ExplainService.Methods.Attention;

/// <summary>
/// What attention says of the tokens of a text that is read in windows: a token's score is the mean of its scores in the windows that hold
/// it. Maps have no such mean, as tokens of different windows never meet.
/// </summary>
internal static class WindowedAttention
{
    /// <summary>Why a request shows a single pass; null: it has scores.</summary>
    public static string? Refuses(AttentionRequest request) =>
        (request.Aggregate ?? AttentionAggregate.None) is AttentionAggregate.Rollout or AttentionAggregate.Flow ? null
        : request.Aggregate == AttentionAggregate.GradientRelevance
            ? request.WindowReduction == WindowReduction.Max
                    ? "\"gradient_relevance\" of windows is the mean of theirs; the largest window's alone is that of the window's own text."
                : null
        : "A map shows a single pass, and tokens of different windows have no entry in any; \"rollout\", \"flow\" and \"gradient_relevance\" have scores over windows, and \"truncate\" cuts the text.";

    /// <summary>Scores of all tokens.</summary>
    /// <param name="request">The request.</param>
    /// <param name="context">The text in windows.</param>
    /// <param name="ofWindow">The answer about one window.</param>
    /// <param name="cancellationToken">Drops what has not been computed.</param>
    public static async Task<AttentionAnswer> OfAsync(
        AttentionRequest request,
        ExplanationContext context,
        Func<AttentionRequest, ExplanationContext, CancellationToken, Task<AttentionAnswer>> ofWindow,
        CancellationToken cancellationToken
    )
    {
        var (sums, counts) = (new double[context.Input.Tokens.Count], new int[context.Input.Tokens.Count]);
        AttentionAnswer? last = null;
        foreach (var (encoding, window) in Windows(context))
        {
            var input = context.Input with { Tokens = encoding with { Sources = null }, Windows = [encoding] };
            last = await ofWindow(request, context.Of(input, window), cancellationToken).ConfigureAwait(false);
            for (var position = 0; position < encoding.Count; position++)
            {
                sums[encoding.SourceOf(position)] += last.Scores![position];
                counts[encoding.SourceOf(position)]++;
            }
        }

        double[] scores = [.. sums.Zip(counts, (sum, count) => count == 0 ? 0 : sum / count)];
        return last! with { Matrix = null, Scores = scores, Tokens = context.Input.TokenAnswers(scores) };
    }

    /// <summary>The windows that what is explained is read in; without that, all.</summary>
    private static IEnumerable<(Text.Encoding Encoding, InputWindow? Window)> Windows(ExplanationContext context) =>
        context.Resolved is { } resolved
            ? resolved.Windows.Select(window => (window.Encoding, (InputWindow?)window))
            : context.Input.Windows.Select(encoding => (encoding, (InputWindow?)null));
}
