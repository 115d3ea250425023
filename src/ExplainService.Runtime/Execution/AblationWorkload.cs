using ExplainService.Graph.Forms;
using ExplainService.Runtime.Scheduling;
using ExplainService.Runtime.Sessions;
using Microsoft.ML.OnnxRuntime;

namespace ExplainService.Runtime.Execution;

/// <summary>Rows with parts of the model off to logits.</summary>
/// <param name="form">The form.</param>
/// <param name="budget">Padded tokens of a full batch.</param>
/// <param name="throughput">Measured cost, where it is known.</param>
/// <param name="means">What takes the place of what is off; null: zero.</param>
internal sealed class AblationWorkload(InsideForm form, int budget, Throughput? throughput = null, float[]? means = null)
    : InsideWorkload<AblatedRow, Logits>(form, budget, throughput)
{
    /// <summary>The same with other means, by what is measured already. Its rows share no batch with others': the form takes one set of means a run.</summary>
    public AblationWorkload WithMeans(float[] others) => new(Form, TokenBudget, Throughput, others) { EqualLengths = EqualLengths };

    protected override TokenRow TokensOf(AblatedRow row) => row.Row;

    protected override void Fill(SessionInputs inputs, FormValue input, IReadOnlyList<AblatedRow> rows, int tokens)
    {
        switch (input.Name)
        {
            case FormNames.Kept:
                FillKept(inputs, input, rows);
                break;
            case FormNames.Chosen:
                var layers = Size(input, 1);
                inputs.Integers(
                    input,
                    rows.Count,
                    layers,
                    row =>
                    {
                        var chosen = new int[layers];
                        Array.Fill(chosen, -1);
                        foreach (var part in rows[row].Off)
                        {
                            chosen[part.Layer] = part.Index;
                        }

                        return chosen;
                    }
                );
                break;
            default:
                FillMeans(inputs, input);
                break;
        }
    }

    protected override Logits ResultOf(AblatedRow row, int number, IReadOnlyList<OrtValue> values) =>
        Form.Layout.Of(row.Row, values[0], number);

    /// <summary>[rows, layers] or [rows, layers, heads].</summary>
    private static void FillKept(SessionInputs inputs, FormValue input, IReadOnlyList<AblatedRow> rows)
    {
        var (layers, width) = (Size(input, 1), input.Dims.Count > 2 ? Size(input, 2) : 1);
        var kept = inputs.Floats(input.Name, input.Dims.Count > 2 ? [rows.Count, layers, width] : [rows.Count, layers]);
        FillKept(kept, rows, layers, width);
    }

    /// <summary>[layers, …, numbers], as many numbers as there are; until somebody brings some, one each (which broadcasts).</summary>
    private void FillMeans(SessionInputs inputs, FormValue input)
    {
        var leading = input.Dims.SkipLast(1).Select((_, axis) => (long)Size(input, axis)).ToArray();
        var lines = leading.Aggregate(1L, (product, size) => product * size);
        var width = means is null ? 1 : means.Length / lines;
        var values = inputs.Floats(input.Name, [.. leading, width]);
        means?.CopyTo(values);
    }

    private static int Size(FormValue input, int axis) => int.Parse(input.Dims[axis]!, System.Globalization.CultureInfo.InvariantCulture);
}
