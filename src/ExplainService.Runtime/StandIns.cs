using ExplainService.Text.Tokenization;

namespace ExplainService.Runtime;

/// <summary>A token of a model's vocabulary.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Text">The vocabulary's form.</param>
public sealed record VocabularyToken(int Id, string Text);

/// <summary>
/// What stands in for text that is taken away, where a request does not say: one rule for every method. Ids are tokens that the tokenizer
/// has and the model has embeddings of.
/// </summary>
/// <param name="Pad">The padding token that the tokenizer or config.json names.</param>
/// <param name="Removed">For removed units: the mask token, else <paramref name="Baseline"/>; null: they are deleted.</param>
/// <param name="Baseline">
/// Where a baseline has padding: the padding token, else the unknown token, else the one that ends a text; null: nothing, which is zero.
/// </param>
/// <param name="Remainder">What is left of a text of which every unit is deleted; models take no empty text.</param>
public sealed record StandIns(VocabularyToken? Pad, VocabularyToken? Removed, VocabularyToken? Baseline, int Remainder)
{
    /// <summary>What the end of a text is called where no file says it.</summary>
    private static readonly string[] EndsOfText =
    [
        "<|endoftext|>",
        "<|end_of_text|>",
        "</s>",
        "<eos>",
        "<EOS>",
        "[EOS]",
        "<|eot_id|>",
        "<|im_end|>",
    ];

    /// <summary>For a model without special tokens.</summary>
    public static StandIns None { get; } = new(null, null, null, 0);

    /// <summary>
    /// Without the token that a text ends with, for a model that reads a text at its first such token: inside a text it would cut off the
    /// rest.
    /// </summary>
    public StandIns Without(int end) =>
        this with
        {
            Pad = Pad?.Id == end ? null : Pad,
            Removed = Removed?.Id == end ? null : Removed,
            Baseline = Baseline?.Id == end ? null : Baseline,
        };

    /// <summary>By what the model's files name.</summary>
    /// <param name="tokenizer">Its tokenizer.</param>
    /// <param name="pad"><c>pad_token_id</c> of config.json.</param>
    /// <param name="ends"><c>eos_token_id</c> of generation_config.json or config.json.</param>
    /// <param name="vocabulary">Ids are below it.</param>
    public static StandIns Of(Tokenizer tokenizer, int? pad, IEnumerable<int> ends, int vocabulary)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        var special = tokenizer.Special;

        // Configurations name ids that the vocabulary does not have (-1, those of the model that was the pattern), and padded tables have
        // rows that were never trained.
        VocabularyToken? First(params IEnumerable<int?> ids) =>
            ids.OfType<int>()
                .Where(id => id >= 0 && id < vocabulary)
                .Select(id => new VocabularyToken(id, tokenizer.TokenText(id)))
                .FirstOrDefault(token => token.Text.Length > 0);

        var padding = First(special.Pad, pad);
        var end = First([special.Eos, .. ends.Select(id => (int?)id), .. EndsOfText.Select(tokenizer.TokenId)]);
        var baseline = First(padding?.Id, special.Unknown, end?.Id);
        var remainder = First(special.Bos, special.Cls, special.Eos, special.Pad, special.Unknown, end?.Id, padding?.Id);
        return new StandIns(padding, First(special.Mask) ?? baseline, baseline, remainder?.Id ?? 0);
    }
}
