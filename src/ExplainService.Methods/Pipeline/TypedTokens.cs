using ExplainService.Text;
using ExplainService.Text.Tokenization;

namespace ExplainService.Methods.Pipeline;

/// <summary>
/// Special tokens that a text itself spells out (<c>[SEP]</c>, <c>&lt;|im_start|&gt;</c>): they steer the model wherever they stand, so that they
/// are special, stay in place and are no units. The mask and the unknown token stand for text and are units of it.
/// </summary>
internal static class TypedTokens
{
    /// <summary>The input with its typed special tokens marked.</summary>
    public static PreparedInput Mark(PreparedInput input, Tokenizer tokenizer)
    {
        return input.Tokens.Tokens.Any(token => Steers(token, tokenizer))
            ? input with
            {
                Tokens = Marked(input.Tokens),
                Windows = [.. input.Windows.Select(Marked)],
            }
            : input;

        Encoding Marked(Encoding encoding) =>
            encoding with
            {
                Tokens = [.. encoding.Tokens.Select(token => Steers(token, tokenizer) ? token with { Special = true } : token)],
            };
    }

    private static bool Steers(Token token, Tokenizer tokenizer) =>
        !token.Special && tokenizer.IsSpecial(token.Id) && token.Id != tokenizer.Special.Mask && token.Id != tokenizer.Special.Unknown;
}
