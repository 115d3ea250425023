using ExplainService.Methods.Contracts;
using ExplainService.Runtime;
using ExplainService.Text.Tokenization;

namespace ExplainService.Methods.Perturbation;

/// <summary>What stands in for the tokens of a removed unit.</summary>
/// <param name="Token">A token for each of the unit's tokens; null: the unit becomes <paramref name="Text"/>.</param>
/// <param name="Text">What the whole unit becomes.</param>
/// <param name="Name">As the answer names it.</param>
public sealed record Replacement(int? Token, PlacedText Text, string Name)
{
    /// <summary>
    /// From the request: by default the mask token, where there is none the padding token, where there is none the unknown token.
    /// </summary>
    /// <exception cref="InvalidRequestException">The tokenizer has no such token (422).</exception>
    public static Replacement Resolve(ReplacementRequest? request, Tokenizer tokenizer, ICollection<Warning> warnings)
    {
        var special = tokenizer.Special;
        switch (request?.Kind ?? ReplacementKind.Mask)
        {
            case ReplacementKind.Delete:
                return new Replacement(null, PlacedText.Nothing, "delete");
            case ReplacementKind.Text:
                return new Replacement(null, PlacedText.Of(tokenizer, request!.Text!), "text");
            case ReplacementKind.Pad:
                return special.Pad is { } pad
                    ? Single(tokenizer, pad)
                    : throw InvalidRequestException.CannotDo(
                        "replacement",
                        "This tokenizer has no padding token; use \"delete\" or {\"text\": …}."
                    );
            default:
                if (special.Mask is { } mask)
                {
                    return Single(tokenizer, mask);
                }

                var other =
                    special.Pad
                    ?? special.Unknown
                    ?? throw InvalidRequestException.CannotDo(
                        "replacement",
                        "This tokenizer has no mask, padding or unknown token; use \"delete\" or {\"text\": …}."
                    );
                var replacement = Single(tokenizer, other);
                warnings.Add(
                    new Warning(WarningCode.NoMaskToken, $"This tokenizer has no mask token; removed units became {replacement.Name}.")
                );
                return replacement;
        }
    }

    private static Replacement Single(Tokenizer tokenizer, int id) => new(id, PlacedText.Nothing, tokenizer.TokenText(id));
}
