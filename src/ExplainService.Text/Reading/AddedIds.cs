using ExplainService.Text.Added;
using ExplainService.Text.Families;

namespace ExplainService.Text.Reading;

/// <summary>
/// Gives added tokens their ids as Hugging Face does: that of the vocabulary, else the next that is free, one after another. What a file
/// declares is not read there.
/// </summary>
internal static class AddedIds
{
    /// <summary>Appends tokens in their order. Of two with the same text the last one's flags count; one without text is none.</summary>
    public static void Add(List<AddedToken> added, IEnumerable<AddedToken> tokens, TokenFamily family)
    {
        var places = added.Select((token, place) => (token.Content, place)).ToDictionary(StringComparer.Ordinal);
        var largest = added.Select(token => token.Id).DefaultIfEmpty(-1).Max();
        foreach (var token in tokens.Where(token => token.Content.Length > 0))
        {
            if (places.TryGetValue(token.Content, out var place))
            {
                added[place] = token with { Id = added[place].Id };
                continue;
            }

            var id = family.Vocabulary.IdOf(token.Content) ?? Math.Max(largest + 1, family.Count);
            largest = Math.Max(largest, id);
            places[token.Content] = added.Count;
            added.Add(token with { Id = id });
        }
    }

    /// <exception cref="TokenizerFormatException">A declared id is negative.</exception>
    public static int Check(int id) =>
        id >= 0 ? id : throw new TokenizerFormatException($"The tokenizer has an added token with the id {id}, which is negative.");
}
