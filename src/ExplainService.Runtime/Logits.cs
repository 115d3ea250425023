namespace ExplainService.Runtime;

/// <summary>
/// What a model says of one row: logits of classes at each output position that the row asked for. Sequence classification has one position;
/// token classification and language models those of <see cref="TokenRow.OutputPositions"/>, of labels or of the vocabulary; extractive
/// question answering two, start and end, whose classes are the tokens of the row.
/// </summary>
/// <param name="Values">[positions × classes], row-major.</param>
/// <param name="Positions">How many positions.</param>
/// <param name="Classes">Labels, vocabulary entries, or (question answering) tokens.</param>
public sealed record Logits(float[] Values, int Positions, int Classes)
{
    /// <summary>The logits at one position.</summary>
    public ReadOnlySpan<float> this[int position] => Values.AsSpan(position * Classes, Classes);
}
