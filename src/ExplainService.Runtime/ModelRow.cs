namespace ExplainService.Runtime;

/// <summary>One unpadded input of a model: the unit of work that the scheduler batches with others of its kind.</summary>
/// <remarks>Rows are compared by content, so that identical ones are computed once.</remarks>
public sealed class ModelRow : IEquatable<ModelRow>
{
    /// <summary>The tokens of the text; for seq2seq models those of the encoder.</summary>
    public required int[] Ids { get; init; }

    /// <summary>Segment of every token (0: text, 1: pair); empty where all are 0.</summary>
    public int[] TypeIds { get; init; } = [];

    /// <summary>The decoder's input tokens, beginning with its start token; empty for other models.</summary>
    public int[] DecoderIds { get; init; } = [];

    /// <summary>
    /// The positions of the output sequence whose logits are wanted (the decoder's for seq2seq). Empty for models whose output has no
    /// positions (sequence classification) and for extractive question answering, whose two outputs are read whole.
    /// </summary>
    public int[] Reads { get; init; } = [];

    /// <summary>Tokens that the model computes for this row, without padding.</summary>
    public int Length => Ids.Length + DecoderIds.Length;

    /// <inheritdoc/>
    public bool Equals(ModelRow? other) =>
        other is not null
        && Ids.AsSpan().SequenceEqual(other.Ids)
        && TypeIds.AsSpan().SequenceEqual(other.TypeIds)
        && DecoderIds.AsSpan().SequenceEqual(other.DecoderIds)
        && Reads.AsSpan().SequenceEqual(other.Reads);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ModelRow);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.AddBytes(System.Runtime.InteropServices.MemoryMarshal.AsBytes(Ids.AsSpan()));
        hash.AddBytes(System.Runtime.InteropServices.MemoryMarshal.AsBytes(TypeIds.AsSpan()));
        hash.AddBytes(System.Runtime.InteropServices.MemoryMarshal.AsBytes(DecoderIds.AsSpan()));
        hash.AddBytes(System.Runtime.InteropServices.MemoryMarshal.AsBytes(Reads.AsSpan()));
        return hash.ToHashCode();
    }
}
