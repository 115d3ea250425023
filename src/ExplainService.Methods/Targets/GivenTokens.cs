using ExplainService.Methods.Contracts;
using ExplainService.Text.Tokenization;

namespace ExplainService.Methods.Targets;

/// <summary>The tokens that a request wants a generating model to say.</summary>
internal static class GivenTokens
{
    /// <summary>What stands beside a target that names tokens is refused: the request cannot mean both.</summary>
    /// <exception cref="InvalidRequestException">400.</exception>
    public static void CheckAlone(TextRequest request)
    {
        if (request.Target is not { } target)
        {
            return;
        }

        string?[] given =
        [
            target.Label is null ? null : "label",
            target.TokenId is null ? null : "token_id",
            target.TokenIds is null ? null : "token_ids",
            target.Continuation is null ? null : "continuation",
            target.Text is null ? null : "text",
        ];
        if (given.OfType<string>().Skip(1).FirstOrDefault() is { } second)
        {
            throw InvalidRequestException.Malformed("target." + second, "names the target a second time; give one");
        }

        if (given.OfType<string>().Any() && request.MaxNewTokens is not null)
        {
            throw InvalidRequestException.Malformed("max_new_tokens", "must not stand beside a target; it has the model choose one");
        }
    }

    /// <summary><c>target.token_ids</c>; null: not given.</summary>
    /// <exception cref="InvalidRequestException">It is empty (400), or the vocabulary has no such token (422).</exception>
    public static int[]? ByIds(TargetRequest? target, Tokenizer tokenizer) =>
        target?.TokenIds switch
        {
            null => null,
            [] => throw InvalidRequestException.Malformed("target.token_ids", "must have at least one token"),
            var ids =>
            [
                .. ids.Select(
                    (id, index) => VocabularyEntries.Checked(id, FormattableString.Invariant($"target.token_ids[{index}]"), tokenizer)
                ),
            ],
        };

    /// <summary>
    /// The tokens of a continuation: those that the text and it have behind the text's own. Where they melt into one another at the seam
    /// they are tokenized apart.
    /// </summary>
    /// <exception cref="InvalidRequestException">It has no tokens (422).</exception>
    public static (int[] Ids, bool Apart) OfContinuation(
        string text,
        string continuation,
        Tokenizer tokenizer,
        CancellationToken cancellationToken
    )
    {
        var own = tokenizer.Encode(text, addSpecialTokens: false, cancellationToken: cancellationToken).Ids;
        var both = tokenizer.Encode(text + continuation, addSpecialTokens: false, cancellationToken: cancellationToken).Ids;
        var apart = !both.AsSpan().StartsWith(own);
        int[] ids = apart
            ? tokenizer.Encode(continuation, addSpecialTokens: false, cancellationToken: cancellationToken).Ids
            : both[own.Length..];
        return ids.Length > 0
            ? (ids, apart)
            : throw InvalidRequestException.CannotDo("target.continuation", "The continuation has no tokens.");
    }
}
