using ExplainService.Graph.Forms;
using ExplainService.Runtime.Sessions;
using Microsoft.ML.OnnxRuntime;

namespace ExplainService.Runtime.Execution;

/// <summary>Rows with the value vectors of a token off in a layer to the residual stream behind it.</summary>
/// <param name="form">The form.</param>
/// <param name="budget">Padded tokens of a full batch.</param>
internal sealed class ValueZeroingWorkload(InsideForm form, int budget) : InsideWorkload<AblatedRow, float[]>(form, budget)
{
    protected override TokenRow TokensOf(AblatedRow row) => row.Row;

    protected override void Fill(SessionInputs inputs, FormValue input, IReadOnlyList<AblatedRow> rows, int tokens)
    {
        var layers = Form.Session.Form.Outputs.Count - 1;
        FillKept(inputs.Floats(input.Name, rows.Count, layers, tokens), rows, layers, tokens);
    }

    protected override float[] ResultOf(AblatedRow row, int number, IReadOnlyList<OrtValue> values)
    {
        // The first value is the stream before the first layer.
        var tokens = row.Row.Ids.Length;
        return row.Off is [var part]
            ? PaddedTensor.Layers([values[part.Layer + 1]], number, tokens).Layers[0]
            : [.. PaddedTensor.Layers([.. values.Skip(1)], number, tokens).Layers.SelectMany(layer => layer)];
    }
}
