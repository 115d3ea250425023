using ExplainService.Runtime.Folders;
using ExplainService.Runtime.Scheduling;

namespace ExplainService.Runtime.Execution;

/// <summary>
/// One step of a generation: a row that has grown by a token (or the prompt), and what is remembered of the tokens before.
/// </summary>
internal sealed record StepRow(TokenRow Row, TokenCache? Past, EncoderStates? States);

/// <summary>The logits after the row's last token, and what is remembered for the next step.</summary>
internal sealed record StepResult(float[] Logits, TokenCache Present, EncoderStates? States);

/// <summary>
/// Steps of generations, each a run of its own. Concurrent generations would have to stand at the same length to share a batch (keys and
/// values are tensors without padding), which they hardly ever do; what they share is the queue, step by step.
/// </summary>
internal sealed class StepWorkload(string name, CachedDecoder decoder, ModelLimits limits)
    : Workload<StepRow, StepResult>(name, tokenBudget: 1, shares: false)
{
    protected override RowSize Measure(StepRow row)
    {
        limits.Check(row.Row);
        return new RowSize(Math.Max(1, row.Row.Length - (row.Past?.Length ?? 0) - (row.States is null ? 0 : row.Row.Ids.Length)));
    }

    public override IReadOnlyList<StepResult> Run(IReadOnlyList<StepRow> rows, CancellationToken cancellationToken)
    {
        var results = new StepResult[rows.Count];
        for (var i = 0; i < results.Length; i++)
        {
            var states = rows[i].States ?? (decoder.IsSeq2Seq ? decoder.Encode(rows[i].Row, cancellationToken) : null);
            var logits = decoder.Run([rows[i].Row], rows[i].Past, states, keep: true, cancellationToken, out var present);
            results[i] = new StepResult(logits[0].Values, present!, states);
        }

        return results;
    }
}
