using ExplainService.Graph.Forms;
using ExplainService.Runtime.Sessions;
using Microsoft.ML.OnnxRuntime;

namespace ExplainService.Runtime.Execution;

/// <summary>Residual streams to logits, by what follows the last block.</summary>
/// <param name="form">The form.</param>
/// <param name="hidden">Channels of the stream.</param>
/// <param name="budget">Padded tokens of a full batch.</param>
internal sealed class StreamWorkload(InsideForm form, int hidden, int budget) : InsideWorkload<StreamRow, Logits>(form, budget)
{
    protected override TokenRow TokensOf(StreamRow row) => row.Row;

    protected override void Fill(SessionInputs inputs, FormValue input, IReadOnlyList<StreamRow> rows, int tokens)
    {
        var target = inputs.Floats(input.Name, rows.Count, tokens, hidden);
        for (var row = 0; row < rows.Count; row++)
        {
            rows[row].Stream.CopyTo(target[(row * tokens * hidden)..]);
        }
    }

    protected override Logits ResultOf(StreamRow row, int number, IReadOnlyList<OrtValue> values) =>
        Form.Layout.Of(row.Row, values[0], number);
}
