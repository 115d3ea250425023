using ExplainService.Methods.Contracts;
using ExplainService.Runtime;
using ExplainService.Text.Tokenization;

namespace ExplainService.Methods.Pipeline;

/// <summary>Text of which the model sees only that it is there: whatever stood in its place would have the same prediction and scores.</summary>
internal static class UnknownTokens
{
    /// <summary>The input with its unknown tokens known, and a warning that tells how many there are.</summary>
    public static PreparedInput Mark(PreparedInput input, Tokenizer tokenizer, ICollection<Warning> warnings)
    {
        var marked = input with { UnknownToken = tokenizer.Unknown };
        var (all, unknown) = (marked.Tokens.Tokens.Count(token => !token.Special), marked.Tokens.Tokens.Count(marked.IsUnknown));
        if (unknown > 0)
        {
            warnings.Add(
                new Warning(
                    WarningCode.UnknownTokens,
                    FormattableString.Invariant($"{unknown} of {all} tokens {(unknown == 1 ? "is" : "are")} unknown to this model.")
                )
            );
        }

        return marked;
    }
}
