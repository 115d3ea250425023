using System.Collections.Frozen;
using ExplainService.Protocol.Problems;

namespace ExplainService.Api.Access;

/// <summary>Who asks, and what of the service is theirs.</summary>
internal sealed record Caller
{
    private const string OfTokens = "token:";

    /// <summary>What owns jobs and has a rate: a key's name or a token's subject, with which of the two it is.</summary>
    public required string Id { get; init; }

    /// <summary>Their name for people.</summary>
    public required string Name { get; init; }

    /// <summary>What they may do.</summary>
    public required FrozenSet<string> Scopes { get; init; }

    /// <summary>The models that they may use; null: all.</summary>
    public FrozenSet<string>? Models { get; init; }

    /// <summary>Requests that they may send a minute; null: any number.</summary>
    public int? RequestsPerMinute { get; init; }

    /// <summary>Rows of a model that they may have computed an hour; null: any number.</summary>
    public long? EvaluationsPerHour { get; init; }

    /// <summary>A caller with a key.</summary>
    public static string IdOfKey(string name) => "key:" + name;

    /// <summary>A caller with a token of OpenID Connect.</summary>
    public static string IdOfToken(string subject) => OfTokens + subject;

    /// <summary>Whether an id is that of such a caller.</summary>
    public static bool IsToken(string id) => id.StartsWith(OfTokens, StringComparison.Ordinal);

    /// <summary>Whether they may use a model; where there is none to choose, the request is refused for that.</summary>
    public bool MayUse(string? model) => model is null || Models is null || Models.Contains(model);

    /// <summary>Refuses a model that is not theirs, whether or not there is one of that name.</summary>
    /// <param name="named">The model that the request names; null: it names none.</param>
    /// <param name="otherwise">The model of a request that names none, which whoever may not use it is not told.</param>
    /// <exception cref="CallerRefusedException">403.</exception>
    public void CheckModel(string? named, string? otherwise = null)
    {
        if (!MayUse(named ?? otherwise))
        {
            var model = named is null ? "default model; name one of its own" : $"model \"{named}\"";
            throw CallerRefusedException.NotAllowed($"This key may not use the {model}.", "model");
        }
    }

    /// <summary>Refuses what is not in their scopes.</summary>
    /// <exception cref="CallerRefusedException">403.</exception>
    public void CheckScope(IReadOnlyList<string> anyOf)
    {
        if (anyOf.Count > 0 && !anyOf.Any(Scopes.Contains))
        {
            throw CallerRefusedException.NotAllowed(
                $"This needs a key with the scope {string.Join(" or ", anyOf.Select(scope => $"\"{scope}\""))}."
            );
        }
    }
}
