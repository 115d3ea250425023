namespace ExplainService.Runtime.Scheduling;

/// <summary>How long a row is: two lengths that are padded separately.</summary>
/// <param name="Source">Tokens of the text (seq2seq: the encoder's).</param>
/// <param name="Target">Tokens of the decoder; 0 for other models.</param>
public readonly record struct RowSize(int Source, int Target = 0)
{
    /// <summary>Tokens in all.</summary>
    public int Tokens => Source + Target;

    /// <summary>The size that both fit into.</summary>
    public static RowSize Max(RowSize left, RowSize right) => new(Math.Max(left.Source, right.Source), Math.Max(left.Target, right.Target));
}
