namespace ExplainService.Runtime.Execution;

/// <summary>The prompt once, then a token at a time: the decoder remembers keys and values, the encoder runs once.</summary>
/// <param name="prompt">The row that is continued.</param>
/// <param name="step">Runs one step.</param>
internal sealed class CachedSteps(TokenRow prompt, Func<StepRow, CancellationToken, ValueTask<StepResult>> step) : INextToken, IDisposable
{
    private TokenCache? past;
    private EncoderStates? states;

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
        var result = await step(new StepRow(row, past, states), cancellationToken).ConfigureAwait(false);
        past?.Dispose();
        (past, states) = (result.Present, result.States);
        return result.Logits;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        past?.Dispose();
        states?.Dispose();
    }
}
