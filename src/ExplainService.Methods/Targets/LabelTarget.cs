using ExplainService.Methods.Contracts;

namespace ExplainService.Methods.Targets;

/// <summary>From <c>target.label</c> to a class and back.</summary>
public static class LabelTarget
{
    /// <summary>The class's name; <c>LABEL_3</c> where the model's configuration names none, as Transformers does.</summary>
    public static string Name(IReadOnlyList<string> labels, int index) =>
        index < labels.Count ? labels[index] : FormattableString.Invariant($"LABEL_{index}");

    /// <summary>The class that a request names.</summary>
    /// <exception cref="InvalidRequestException">No such class (422).</exception>
    public static int Index(LabelRequest label, IReadOnlyList<string> labels, int count)
    {
        if (label.Index is { } index)
        {
            return index >= 0 && index < count
                ? index
                : throw InvalidRequestException.CannotDo("target.label", FormattableString.Invariant($"no class {index}: the model has classes 0 to {count - 1}"));
        }

        for (var i = 0; i < count; i++)
        {
            if (Name(labels, i) == label.Name)
            {
                return i;
            }
        }

        var same = Enumerable.Range(0, count).Where(i => string.Equals(Name(labels, i), label.Name, StringComparison.OrdinalIgnoreCase)).ToArray();
        return same.Length == 1
            ? same[0]
            : throw InvalidRequestException.CannotDo(
                "target.label", "no such label; the model has " + string.Join(", ", Enumerable.Range(0, Math.Min(count, 50)).Select(i => $"\"{Name(labels, i)}\"")));
    }

    /// <summary>
    /// Whether every class is wanted; refuses fields of a target that belong to other tasks, so that they never run as the default.
    /// </summary>
    /// <param name="target">The request's target.</param>
    /// <param name="allowed">Fields that the task understands beside <c>labels</c>.</param>
    public static bool WantsAll(TargetRequest? target, params string[] allowed)
    {
        if (target is null)
        {
            return false;
        }

        foreach (var (field, given) in Fields(target))
        {
            if (given && !allowed.Contains(field))
            {
                throw InvalidRequestException.CannotDo("target." + field, "this model's task has no such target; it takes " +
                    string.Join(", ", allowed.Select(name => $"\"{name}\"")));
            }
        }

        if (target.Labels is null)
        {
            return false;
        }

        return target.Label is not null
            ? throw InvalidRequestException.Malformed("target.labels", "give either label or labels")
            : target.Labels == "all" ? true : throw InvalidRequestException.Malformed("target.labels", "must be \"all\"");
    }

    private static IEnumerable<(string Field, bool Given)> Fields(TargetRequest target) =>
    [
        ("label", target.Label is not null),
        ("token", target.Token is not null),
        ("token_id", target.TokenId is not null),
        ("span", target.Span is not null),
        ("continuation", target.Continuation is not null),
        ("token_ids", target.TokenIds is not null),
        ("text", target.Text is not null),
    ];
}
