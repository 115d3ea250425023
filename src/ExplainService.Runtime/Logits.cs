namespace ExplainService.Runtime;

/// <summary>
/// What a model says of one row: a table of logits, one line for each position that was read.
/// Sequence classification has one line of classes; token classification and language models one line a read position;
/// extractive question answering two lines, start and end, with one column for each token of the row.
/// </summary>
/// <param name="Values">[reads × columns], row-major.</param>
/// <param name="Reads">How many lines.</param>
/// <param name="Columns">Classes, vocabulary entries, or (question answering) tokens.</param>
public sealed record Logits(float[] Values, int Reads, int Columns)
{
    /// <summary>One line of logits.</summary>
    public ReadOnlySpan<float> this[int read] => Values.AsSpan(read * Columns, Columns);
}
