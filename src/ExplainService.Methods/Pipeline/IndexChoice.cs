using ExplainService.Methods.Contracts;

namespace ExplainService.Methods.Pipeline;

/// <summary>Layers or heads as requests name them: by index.</summary>
internal static class IndexChoice
{
    /// <summary>The indices that a request names, in its order; all where it names none.</summary>
    /// <param name="field">The request's field.</param>
    /// <param name="wanted">What it says.</param>
    /// <param name="count">How many there are.</param>
    /// <exception cref="InvalidRequestException">The model has no such index (422), or one is named twice (400).</exception>
    public static IReadOnlyList<int> Of(string field, IReadOnlyList<int>? wanted, int count)
    {
        if (wanted is null)
        {
            return [.. Enumerable.Range(0, count)];
        }

        if (wanted.Count == 0 || wanted.Distinct().Count() != wanted.Count)
        {
            throw InvalidRequestException.Malformed(field, "must list each index once, at least one");
        }

        return wanted.All(index => index >= 0 && index < count)
            ? wanted
            : throw InvalidRequestException.CannotDo(field, FormattableString.Invariant($"The model has {field} 0 to {count - 1}."));
    }
}
