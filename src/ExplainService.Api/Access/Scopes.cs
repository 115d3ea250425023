namespace ExplainService.Api.Access;

/// <summary>What a key may be for.</summary>
internal static class Scopes
{
    /// <summary>Explanations and predictions.</summary>
    public const string Explain = "explain";

    /// <summary>Jobs of its own.</summary>
    public const string Jobs = "jobs";

    /// <summary>The jobs of every key.</summary>
    public const string AllJobs = "jobs_all";

    /// <summary>Loading and unloading models.</summary>
    public const string Models = "models";

    /// <summary>Measurements.</summary>
    public const string Metrics = "metrics";

    /// <summary>Every scope.</summary>
    public static IReadOnlyList<string> All { get; } = [Explain, Jobs, AllJobs, Models, Metrics];
}

/// <summary>Marks endpoints by the scopes of which a caller needs one.</summary>
/// <param name="AnyOf">The scopes; none: any caller may ask.</param>
internal sealed record NeededScope(params IReadOnlyList<string> AnyOf);

/// <summary>Marks endpoints that answer everybody: files of the program, which hold nothing of models or callers.</summary>
internal sealed record OpenToAll;

/// <summary>Marks endpoints that answer some requests with such a file, and with it alone.</summary>
/// <param name="IsFile">Whether it is what a request is answered with.</param>
internal sealed record OpenAsFile(Func<HttpRequest, bool> IsFile);
