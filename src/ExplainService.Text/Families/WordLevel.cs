namespace ExplainService.Text.Families;

/// <summary>A piece is a token or unknown.</summary>
internal sealed class WordLevel(Vocabulary vocabulary, string unknownToken) : TokenFamily(vocabulary)
{
    private readonly int? unknown = vocabulary.IdOf(unknownToken);

    /// <inheritdoc/>
    public override int? Unknown => unknown;

    protected override void Find(ReadOnlySpan<char> piece, List<FamilyToken> output)
    {
        if (Vocabulary.Lookup.TryGetValue(piece, out var id))
        {
            output.Add(new FamilyToken(id, 0, piece.Length));
        }
        else
        {
            output.Add(new FamilyToken(unknown ?? throw new TokenizerUnknownException(unknownToken), 0, piece.Length));
        }
    }
}
