using ExplainService.Methods.Contracts;
using ExplainService.Runtime;

namespace ExplainService.Methods.Targets;

/// <summary>f as the difference of two targets' logits or log-probabilities: why this and not that (Yin and Neubig 2022).</summary>
internal static class Contrast
{
    /// <summary>The request's field.</summary>
    public const string Field = "against";

    /// <summary>The objective of a request: probabilities of two classes are compared by their logarithms.</summary>
    /// <param name="request">The request.</param>
    /// <param name="usual">Where neither objective nor contrast is asked for.</param>
    public static Objective ObjectiveOf(TextRequest request, Objective usual) =>
        request.Against is null ? request.Objective ?? usual
        : request.Objective is null or Objective.Probability ? Objective.LogProbability
        : request.Objective.Value;

    /// <summary>A class that a request names as what the target is compared with; null: it names none.</summary>
    /// <exception cref="InvalidRequestException">There is no such class, or it is named by other than its label (422).</exception>
    public static int? Label(TextRequest request, IReadOnlyList<string> labels, int count)
    {
        if (request.Against is not { } against)
        {
            return null;
        }

        TargetFields.Allow(against, ["label"], Field);
        return against.Label is { } label
            ? LabelTarget.Index(label, labels, count, Field + ".label")
            : throw InvalidRequestException.CannotDo(Field, "What the target is compared with is a \"label\" here.");
    }

    /// <summary>Tokens that a generation's are compared with, one each after the same earlier tokens; null: none.</summary>
    /// <param name="request">The request.</param>
    /// <param name="ids">The tokens that are explained.</param>
    /// <param name="read">What a request's target says.</param>
    /// <exception cref="InvalidRequestException">There are more or fewer of them (422).</exception>
    public static int[]? Tokens(TextRequest request, int[] ids, Func<TextRequest, int[]?> read)
    {
        if (request.Against is null)
        {
            return null;
        }

        var against = read(request with { Target = request.Against, Against = null, MaxNewTokens = null });
        return against?.Length == ids.Length
            ? against
            : throw InvalidRequestException.CannotDo(
                Field,
                FormattableString.Invariant(
                    $"The target has {ids.Length} tokens and \"against\" {against?.Length ?? 0}: each token of the one is compared with that of the other in its place, after the same tokens."
                )
            );
    }
}
