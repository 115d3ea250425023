namespace ExplainService.Runtime;

/// <summary>A row of tokens, for models of text.</summary>
public sealed class TokenRow : ModelRow
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
    public int[] OutputPositions { get; init; } = [];

    /// <summary>
    /// Where a second text begins in <see cref="Ids"/> that the model reads apart from the first, of which it computes one number together
    /// (the similarity of the two); 0: there is none.
    /// </summary>
    public int PairStart { get; init; }

    /// <summary>What <see cref="Ids"/> stand for where they are pieces of a picture; null: tokens of the model's vocabulary.</summary>
    public PictureTable? Picture { get; init; }

    /// <summary>
    /// Of a text: what a model of pictures and texts compares it with. Of a picture its table says it (<see cref="PictureTable.Beside"/>).
    /// </summary>
    public OtherSide? Beside { get; init; }

    /// <summary>What the row is compared with, whichever says it.</summary>
    internal OtherSide? Other => Picture?.Beside ?? Beside;

    /// <summary>About how many bytes it takes to keep, without its picture, which many share.</summary>
    internal long Bytes =>
        200
        + (sizeof(int) * (long)(Ids.Length + TypeIds.Length + DecoderIds.Length + OutputPositions.Length))
        + (sizeof(float) * (long)(Other?.Numbers.Length ?? 0));

    /// <inheritdoc/>
    public override int Length => Picture?.Shape.Sequence ?? Ids.Length + DecoderIds.Length;

    /// <inheritdoc/>
    public override bool Equals(ModelRow? other) =>
        other is TokenRow row
        && PairStart == row.PairStart
        && Equals(Picture, row.Picture)
        && Equals(Beside, row.Beside)
        && Ids.AsSpan().SequenceEqual(row.Ids)
        && TypeIds.AsSpan().SequenceEqual(row.TypeIds)
        && DecoderIds.AsSpan().SequenceEqual(row.DecoderIds)
        && OutputPositions.AsSpan().SequenceEqual(row.OutputPositions);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.AddBytes(System.Runtime.InteropServices.MemoryMarshal.AsBytes(Ids.AsSpan()));
        hash.AddBytes(System.Runtime.InteropServices.MemoryMarshal.AsBytes(TypeIds.AsSpan()));
        hash.AddBytes(System.Runtime.InteropServices.MemoryMarshal.AsBytes(DecoderIds.AsSpan()));
        hash.AddBytes(System.Runtime.InteropServices.MemoryMarshal.AsBytes(OutputPositions.AsSpan()));
        hash.Add(PairStart);
        hash.Add(Picture);
        hash.Add(Beside);
        return hash.ToHashCode();
    }

    /// <summary>The two texts of a row that has two, each as a row of its own.</summary>
    internal (TokenRow Text, TokenRow Pair) Halves()
    {
        return (Part(..PairStart), Part(PairStart..));

        TokenRow Part(Range range) => new() { Ids = Ids[range], TypeIds = TypeIds.Length > 0 ? TypeIds[range] : [] };
    }
}
