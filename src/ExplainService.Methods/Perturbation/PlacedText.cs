using ExplainService.Text;
using ExplainService.Text.Tokenization;

namespace ExplainService.Methods.Perturbation;

/// <summary>
/// A text that takes the place of a unit, as the tokens that it has there: where a vocabulary keeps the space before a word in the word's
/// token, the space is the place's, not the text's. Safe for many threads at once.
/// </summary>
public sealed class PlacedText
{
    // What may stand in front of a place: the first after which the tokenizer starts a new token serves.
    private static readonly string[] Anchors = ["", ".", "a", "1", "("];

    // A text meets few kinds of white space; what is not remembered is tokenized again.
    private const int MaxForms = 4;

    private readonly Tokenizer? tokenizer;
    private readonly string text;
    private readonly int[] own;
    private readonly Dictionary<string, int[]> forms = new(StringComparer.Ordinal);

    private PlacedText(Tokenizer? tokenizer, string text, int[] own) => (this.tokenizer, this.text, this.own) = (tokenizer, text, own);

    /// <summary>No text: the unit is deleted.</summary>
    public static PlacedText Nothing { get; } = Exactly();

    /// <summary>The same tokens wherever they are put.</summary>
    public static PlacedText Exactly(params int[] ids) => new(null, "", ids);

    /// <summary>A text of its own.</summary>
    public static PlacedText Of(Tokenizer tokenizer, string text)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        return new PlacedText(tokenizer, text, tokenizer.Encode(text, addSpecialTokens: false).Ids);
    }

    /// <summary>Tokens of an encoded text, which keep their ids in places like their own; outer white space is not taken along.</summary>
    /// <param name="tokenizer">Of the model.</param>
    /// <param name="encoding">The tokens of the whole text.</param>
    /// <param name="whole">That text.</param>
    /// <param name="tokens">Which of the tokens; at least one, of a single sequence.</param>
    public static PlacedText Of(Tokenizer tokenizer, Encoding encoding, string whole, IReadOnlyList<int> tokens)
    {
        ArgumentNullException.ThrowIfNull(encoding);
        ArgumentNullException.ThrowIfNull(whole);
        var (start, end) = (tokens.Min(token => encoding.Tokens[token].Start), tokens.Max(token => encoding.Tokens[token].End));
        return new PlacedText(tokenizer, whole[start..end].Trim(), [.. tokens.Select(token => encoding.Tokens[token].Id)]);
    }

    /// <summary>The tokens of this text in the place of others.</summary>
    /// <param name="space">The white space that those carry in front, as <see cref="LeadingSpace.Of"/> has it.</param>
    public IReadOnlyList<int> After(string space)
    {
        if (tokenizer is null || text.Length == 0)
        {
            return own;
        }

        lock (forms)
        {
            if (!forms.TryGetValue(space, out var ids))
            {
                ids = Form(tokenizer, space);
                if (forms.Count < MaxForms)
                {
                    forms[space] = ids;
                }
            }

            return ids;
        }
    }

    private int[] Form(Tokenizer vocabulary, string space)
    {
        var wanted = space + text[..^text.TrimStart().Length];
        if (LeadingSpace.Of(own.Select(vocabulary.TokenText)) == wanted)
        {
            return own;
        }

        foreach (var anchor in Anchors)
        {
            var tokens = vocabulary.Encode(anchor + space + text, addSpecialTokens: false).Tokens;
            var before = tokens.TakeWhile(token => token.Start < anchor.Length).ToArray();
            if (before.All(token => token.End <= anchor.Length))
            {
                var placed = tokens.Skip(before.Length).ToArray();
                if (LeadingSpace.Of(placed.Select(token => token.Text)) == wanted)
                {
                    return [.. placed.Select(token => token.Id)];
                }
            }
        }

        return own;
    }
}
