using ExplainService.Runtime.Folders;

namespace ExplainService.Runtime.Execution;

/// <summary>Says what comes next, token after token.</summary>
internal interface INextToken
{
    /// <summary>The logits of the token after these, [vocabulary], for the caller to write into.</summary>
    /// <param name="tokens">
    /// The prompt (seq2seq: the decoder's start) and what was generated so far; grows by a token from call to call.
    /// </param>
    /// <param name="cancellationToken">Nobody waits any more.</param>
    ValueTask<float[]> LogitsAsync(IReadOnlyList<int> tokens, CancellationToken cancellationToken);
}

/// <summary>Greedy decoding: the most likely token, again and again.</summary>
internal static class Generator
{
    /// <summary>The new tokens; the end token is the last of them where it was reached.</summary>
    /// <param name="next">The model.</param>
    /// <param name="prompt">The row that is continued.</param>
    /// <param name="maxNewTokens">The most new tokens.</param>
    /// <param name="rules">The model's settings.</param>
    /// <param name="limit">The most tokens that the model takes; the last new one it need not take.</param>
    /// <param name="cancellationToken">Nobody waits any more.</param>
    public static async Task<IReadOnlyList<int>> RunAsync(
        INextToken next,
        TokenRow prompt,
        int maxNewTokens,
        GenerationRules rules,
        int limit,
        CancellationToken cancellationToken
    )
    {
        var isSeq2Seq = prompt.DecoderIds.Length > 0;
        List<int> tokens = [.. isSeq2Seq ? prompt.DecoderIds : prompt.Ids];
        var start = tokens.Count;
        var maxLength = (int)Math.Min((long)start + maxNewTokens, (long)limit + 1);
        var choice = new GreedyChoice(rules, isSeq2Seq ? prompt.Ids : [], start, maxLength);
        while (tokens.Count < maxLength)
        {
            tokens.Add(choice.Next(tokens, await next.LogitsAsync(tokens, cancellationToken).ConfigureAwait(false)));
            if (rules.EndTokens.Contains(tokens[^1]))
            {
                break;
            }
        }

        return tokens[start..];
    }
}

/// <summary>The whole row again for every token: what always works, and what caches are compared with.</summary>
/// <param name="prompt">The row that is continued.</param>
/// <param name="predict">The model's predictions.</param>
internal sealed class RepeatedForward(TokenRow prompt, Func<TokenRow, CancellationToken, ValueTask<Logits>> predict) : INextToken
{
    /// <inheritdoc/>
    public async ValueTask<float[]> LogitsAsync(IReadOnlyList<int> tokens, CancellationToken cancellationToken)
    {
        var isSeq2Seq = prompt.DecoderIds.Length > 0;
        var row = new TokenRow
        {
            Ids = isSeq2Seq ? prompt.Ids : [.. tokens],
            DecoderIds = isSeq2Seq ? [.. tokens] : [],
            OutputPositions = [tokens.Count - 1],
        };

        // A copy: the scheduler may remember the answer.
        return [.. (await predict(row, cancellationToken).ConfigureAwait(false)).Values];
    }
}
