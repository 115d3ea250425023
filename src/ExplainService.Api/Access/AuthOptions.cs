namespace ExplainService.Api.Access;

/// <summary>Configuration section <c>Auth</c>: who may ask. Nothing of it is set: whoever reaches the port.</summary>
internal sealed record AuthOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Auth";

    /// <summary>Keys, each by the hash of what its owner sends.</summary>
    public IReadOnlyList<ApiKey> Keys { get; init; } = [];

    /// <summary>The issuer of OpenID Connect whose tokens are taken; null: none.</summary>
    public string? Authority { get; init; }

    /// <summary>Whom its tokens must be for.</summary>
    public string? Audience { get; init; }

    /// <summary>Whether the service refuses to start where others than this machine could ask without a key.</summary>
    public bool Required { get; init; }

    /// <summary>Requests a minute of keys that say nothing else, and of tokens; null: any number.</summary>
    public int? RequestsPerMinute { get; init; }

    /// <summary>Evaluations an hour of keys that say nothing else, and of tokens; null: any number.</summary>
    public long? EvaluationsPerHour { get; init; }

    /// <summary>Whether a caller must say who they are.</summary>
    public bool IsOn => Keys.Count > 0 || Authority is not null;
}

/// <summary>A key: what is known of it, which is not the key itself.</summary>
/// <param name="Sha256">The hash of the key, 32 bytes.</param>
/// <param name="Caller">Whose it is.</param>
internal sealed record ApiKey(ReadOnlyMemory<byte> Sha256, Caller Caller);
