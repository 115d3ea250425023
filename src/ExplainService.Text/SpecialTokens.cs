namespace ExplainService.Text;

/// <summary>The special tokens that the tokenizer's files name; null where the family has none.</summary>
/// <param name="Pad">The padding token's id.</param>
/// <param name="Mask">The mask token's id.</param>
/// <param name="Unknown">The unknown token's id.</param>
/// <param name="Cls">The id of the token that begins a classified sequence.</param>
/// <param name="Sep">The id of the token that separates sequences.</param>
/// <param name="Bos">The id of the token that begins a text.</param>
/// <param name="Eos">The id of the token that ends a text.</param>
public sealed record SpecialTokens(int? Pad, int? Mask, int? Unknown, int? Cls, int? Sep, int? Bos, int? Eos)
{
    /// <summary>The mask token's text.</summary>
    public string? MaskText { get; init; }
}
