using ExplainService.Methods.Contracts;

namespace ExplainService.Methods.Targets;

/// <summary>Which fields of a target a task understands: the others are refused, so that they never run as the default.</summary>
public static class TargetFields
{
    /// <summary>Refuses the fields that belong to other tasks.</summary>
    /// <param name="target">The request's target.</param>
    /// <param name="allowed">Fields that the task understands.</param>
    /// <exception cref="InvalidRequestException">There is another (422).</exception>
    public static void Allow(TargetRequest? target, params string[] allowed) => AllowIn("target", target, allowed);

    /// <summary>The same of another field that names a target.</summary>
    public static void Allow(TargetRequest? target, string[] allowed, string field) => AllowIn(field, target, allowed);

    private static void AllowIn(string name, TargetRequest? target, string[] allowed)
    {
        if (target is null)
        {
            return;
        }

        foreach (var (field, given) in Fields(target))
        {
            if (given && !allowed.Contains(field))
            {
                throw InvalidRequestException.CannotDo(
                    name + "." + field,
                    $"Targets of this model's task have no \"{field}\"; they have "
                        + string.Join(", ", allowed.Select(name => $"\"{name}\""))
                        + "."
                );
            }
        }
    }

    private static IEnumerable<(string Field, bool Given)> Fields(TargetRequest target) =>
        [
            ("label", target.Label is not null),
            ("labels", target.Labels is not null),
            ("token", target.Token is not null),
            ("token_id", target.TokenId is not null),
            ("span", target.Span is not null),
            ("continuation", target.Continuation is not null),
            ("token_ids", target.TokenIds is not null),
            ("text", target.Text is not null),
            ("similarity", target.Similarity is not null),
        ];
}
