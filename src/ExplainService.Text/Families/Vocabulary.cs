namespace ExplainService.Text.Families;

/// <summary>Tokens and ids, both ways.</summary>
internal sealed class Vocabulary
{
    private readonly Dictionary<string, int> ids;
    private readonly string?[] texts;

    /// <exception cref="TokenizerFormatException">An id is negative, absurdly large or given twice.</exception>
    public Vocabulary(Dictionary<string, int> ids)
    {
        this.ids = ids;
        Lookup = ids.GetAlternateLookup<ReadOnlySpan<char>>();
        var largest = -1;
        foreach (var (token, id) in ids)
        {
            // Ids index the embedding table: a vocabulary with more holes than tokens is a broken file.
            if (id < 0 || id > (ids.Count * 2L) + 100_000)
            {
                throw new TokenizerFormatException($"The vocabulary gives '{token}' the id {id}, which is out of range.");
            }

            largest = Math.Max(largest, id);
        }

        texts = new string?[largest + 1];
        foreach (var (token, id) in ids)
        {
            if (texts[id] is { } other)
            {
                throw new TokenizerFormatException($"The vocabulary gives the id {id} to both '{other}' and '{token}'.");
            }

            texts[id] = token;
        }
    }

    /// <summary>Ids by stretches of text.</summary>
    public Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> Lookup { get; }

    /// <summary>Every token with its id.</summary>
    public IReadOnlyDictionary<string, int> Ids => ids;

    /// <summary>One more than the largest id.</summary>
    public int Size => texts.Length;

    public int? IdOf(string token) => ids.TryGetValue(token, out var id) ? id : null;

    public string? TextOf(int id) => id >= 0 && id < texts.Length ? texts[id] : null;

    /// <summary>The id of a token that must be there.</summary>
    /// <exception cref="TokenizerFormatException">It is not there.</exception>
    public int Require(string token, string role) =>
        IdOf(token) ?? throw new TokenizerFormatException($"The vocabulary lacks the {role} '{token}'.");
}
