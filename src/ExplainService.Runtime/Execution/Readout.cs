using ExplainService.Graph.Forms;

namespace ExplainService.Runtime.Execution;

/// <summary>Which part of a batch's logits [batch, lines, columns] belongs to a row.</summary>
/// <param name="HasPositions">The output is a sequence, of which rows say what they read.</param>
/// <param name="IsSpans">Two lines, start and end, with a column for each token.</param>
internal sealed record Readout(bool HasPositions, bool IsSpans)
{
    public static Readout For(GraphReport report) => new(!report.IsSpans && report.OutputRank != 2, report.IsSpans);

    /// <exception cref="ArgumentException">The row reads positions of an output without, or none of one with positions.</exception>
    public void Check(ModelRow row)
    {
        if (HasPositions && row.Reads.Length == 0)
        {
            throw new ArgumentException("The model's output is a sequence: a row must say which positions it reads.", nameof(row));
        }

        if (!HasPositions && row.Reads.Length > 0)
        {
            throw new ArgumentException("The model's output has no positions to read.", nameof(row));
        }
    }

    /// <summary>Lines that a row has.</summary>
    public int LinesOf(ModelRow row) =>
        HasPositions ? row.Reads.Length
        : IsSpans ? 2
        : 1;

    /// <summary>A row's logits out of its padded ones.</summary>
    public Logits Of(ModelRow row, ReadOnlySpan<float> padded, int columns)
    {
        var lines = LinesOf(row);
        var width = IsSpans ? Math.Min(columns, row.Ids.Length) : columns;
        var values = new float[lines * width];
        for (var line = 0; line < lines; line++)
        {
            padded.Slice(line * columns, width).CopyTo(values.AsSpan(line * width));
        }

        return new Logits(values, lines, width);
    }
}
