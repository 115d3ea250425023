namespace ExplainService.Text.Families;

/// <summary>A vocabulary's entry found in a piece; positions are UTF-16 code units of the piece.</summary>
internal readonly record struct FamilyToken(int Id, int Start, int End);

/// <summary>Looks pieces up in a vocabulary. Safe for many threads at once.</summary>
internal abstract class TokenFamily(Vocabulary vocabulary)
{
    private readonly PieceCache cache = new();

    public Vocabulary Vocabulary { get; } = vocabulary;

    /// <summary>How many entries the reference counts: the first id that may be free.</summary>
    public virtual int Count => Vocabulary.Ids.Count;

    /// <summary>
    /// The token for what is unknown, where the vocabulary lacks it: a text that needs it has no tokens, all others have theirs.
    /// </summary>
    public string? MissingUnknown { get; protected init; }

    /// <summary>The token of what is in no vocabulary; null where there is none, or nothing is outside.</summary>
    public virtual int? Unknown => null;

    /// <summary>Appends the tokens of one piece. The answer never depends on what was asked before.</summary>
    public void Tokenize(ReadOnlySpan<char> piece, List<FamilyToken> output)
    {
        if (cache.TryGet(piece, out var known))
        {
            output.AddRange(known);
            return;
        }

        var from = output.Count;
        Find(piece, output);
        cache.Add(piece, output, from);
    }

    /// <summary>Appends the tokens of one piece that is not in the cache.</summary>
    protected abstract void Find(ReadOnlySpan<char> piece, List<FamilyToken> output);
}
