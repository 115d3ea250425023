using ExplainService.Methods.Contracts;

namespace ExplainService.Methods.Targets;

/// <summary>From <c>target.label</c> to a class and back.</summary>
public static class LabelTarget
{
    /// <summary>The class's name; <c>LABEL_3</c> where the model's configuration names none, as Transformers does.</summary>
    public static string Name(IReadOnlyList<string> labels, int index) =>
        index < labels.Count ? labels[index] : FormattableString.Invariant($"LABEL_{index}");

    /// <summary>The class that a request names.</summary>
    /// <param name="label">Its name or number.</param>
    /// <param name="labels">Names of the classes.</param>
    /// <param name="count">How many classes there are.</param>
    /// <param name="field">The request's field.</param>
    /// <exception cref="InvalidRequestException">No such class, or several of that name (422).</exception>
    public static int Index(LabelRequest label, IReadOnlyList<string> labels, int count, string field = "target.label")
    {
        if (label.Index is { } index)
        {
            return index >= 0 && index < count
                ? index
                : throw InvalidRequestException.CannotDo(
                    field,
                    FormattableString.Invariant($"There is no class {index}; the model has classes 0 to {count - 1}.")
                );
        }

        int[] same = Named(StringComparison.Ordinal) is { Length: > 0 } exact ? exact : Named(StringComparison.OrdinalIgnoreCase);
        return same.Length switch
        {
            1 => same[0],
            0 => throw InvalidRequestException.CannotDo(
                field,
                "There is no such label; the model has "
                    + string.Join(", ", Enumerable.Range(0, Math.Min(count, 50)).Select(i => $"\"{Name(labels, i)}\""))
                    + "."
            ),
            _ => throw InvalidRequestException.CannotDo(
                field,
                $"{same.Length} classes have this label; give the number of one, such as {{\"label\": {same[0]}}}; they are {string.Join(", ", same.Take(50))}."
            ),
        };

        int[] Named(StringComparison comparison) =>
            [.. Enumerable.Range(0, count).Where(i => string.Equals(Name(labels, i), label.Name, comparison))];
    }

    /// <summary>Whether every class is wanted.</summary>
    /// <exception cref="InvalidRequestException">A label is named beside, or something else than <c>all</c> (400).</exception>
    public static bool WantsAll(TargetRequest? target)
    {
        if (target?.Labels is null)
        {
            return false;
        }

        return target.Label is not null ? throw InvalidRequestException.Malformed("target.labels", "must not stand beside label")
            : target.Labels == "all" ? true
            : throw InvalidRequestException.Malformed("target.labels", "must be \"all\"");
    }
}
