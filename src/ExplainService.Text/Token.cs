namespace ExplainService.Text;

/// <summary>One token of an <see cref="Encoding"/>: a row of the model's input, and where it comes from.</summary>
/// <param name="Id">The id that the model reads.</param>
/// <param name="Text">The vocabulary's form, such as <c>##ing</c> or <c>Ġfilm</c>.</param>
/// <param name="Start">The first UTF-16 code unit in the token's own text (the pair's tokens index the pair); 0 for special tokens.</param>
/// <param name="End">The code unit after the last; 0 for special tokens. Always on a character boundary.</param>
/// <param name="Special">Whether the template added it: it stands for no text.</param>
/// <param name="Word">The word id as Hugging Face counts it (pieces of the pre-tokenizer), or null for special tokens.</param>
/// <param name="Sequence">0 for the text, 1 for the pair, −1 for special tokens.</param>
/// <param name="TypeId">The token type (segment) id.</param>
public sealed record Token(int Id, string Text, int Start, int End, bool Special, int? Word, int Sequence, int TypeId);
