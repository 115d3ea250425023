namespace ExplainService.Text.Alignment;

/// <summary>A stretch of aligned text: what splitters cut and the vocabulary reads, or an added token (id ≥ 0) found in the text.</summary>
internal readonly record struct Piece(AlignedText Text, int Start, int Length, int AddedId = -1)
{
    public ReadOnlySpan<char> Span => Text.Span.Slice(Start, Length);

    public bool IsAdded => AddedId >= 0;

    /// <summary>Where in the caller's text the piece begins.</summary>
    public int OriginalStart => Text.StartAt(Start);

    public Piece Slice(int start, int length) => new(Text, Start + start, length);
}
