using ExplainService.Graph.Forms;
using Microsoft.ML.OnnxRuntime;

namespace ExplainService.Runtime.Execution;

/// <summary>Which part of a batch's logits [batch, positions, classes] belongs to a row.</summary>
/// <param name="HasPositions">The output is a sequence, of which rows say which positions they want.</param>
/// <param name="IsSpans">Two positions, start and end, whose classes are the tokens.</param>
internal sealed record LogitsLayout(bool HasPositions, bool IsSpans)
{
    public static LogitsLayout For(GraphReport report) => new(!report.IsSpans && report.OutputRank != 2, report.IsSpans);

    /// <exception cref="ArgumentException">The row reads positions of an output without, or none of one with positions.</exception>
    public void Check(TokenRow row)
    {
        if (HasPositions && row.OutputPositions.Length == 0)
        {
            throw new ArgumentException("The model's output is a sequence: a row must say which output positions it wants.", nameof(row));
        }

        if (!HasPositions && row.OutputPositions.Length > 0)
        {
            throw new ArgumentException("The model's output has no positions to read.", nameof(row));
        }
    }

    /// <summary>Positions that a row has.</summary>
    public int PositionsOf(TokenRow row) =>
        HasPositions ? row.OutputPositions.Length
        : IsSpans ? 2
        : 1;

    /// <summary>A row's logits out of a batch's, by its number.</summary>
    public Logits Of(TokenRow row, OrtValue batch, int number)
    {
        var dims = batch.GetTensorTypeAndShape().Shape;
        var (positions, classes) = ((int)dims[1], (int)dims[2]);
        return Of(row, batch.GetTensorDataAsSpan<float>().Slice(number * positions * classes, positions * classes), classes);
    }

    /// <summary>A row's logits out of its padded ones.</summary>
    public Logits Of(TokenRow row, ReadOnlySpan<float> padded, int classes)
    {
        var positions = PositionsOf(row);
        var width = IsSpans ? Math.Min(classes, row.Ids.Length) : classes;
        var values = new float[positions * width];
        for (var position = 0; position < positions; position++)
        {
            padded.Slice(position * classes, width).CopyTo(values.AsSpan(position * width));
        }

        return new Logits(values, positions, width);
    }
}
