using System.ComponentModel.DataAnnotations;

namespace ExplainService.Api.Limits;

/// <summary>Configuration section <c>Limits</c>: what one client may ask of the server.</summary>
internal sealed class ServerLimits
{
    /// <summary>The section's name.</summary>
    public const string Section = "Limits";

    /// <summary>Bytes of a JSON body, and of one line of NDJSON; over it 413.</summary>
    [Range(1024, 1 << 30)]
    public int MaxBodyBytes { get; init; } = 4 << 20;

    /// <summary>Seconds that one explanation may take whatever its <c>deadline_ms</c>; past it 504.</summary>
    [Range(1, 86_400)]
    public int MaxRequestSeconds { get; init; } = 600;

    /// <summary>Lines of one NDJSON stream that are worked on at once.</summary>
    [Range(1, 1024)]
    public int StreamWindow { get; init; } = 16;

    /// <summary>Bytes of NDJSON lines that are read ahead of their turn, so that a client may send everything before it reads.</summary>
    [Range(1 << 20, int.MaxValue)]
    public int StreamReadAheadBytes { get; init; } = 64 << 20;

    /// <summary>
    /// Megabytes that the texts, answers and pictures of requests in work may hold together, by estimate; over it 429. 0: a third of what
    /// .NET may use.
    /// </summary>
    [Range(0, 1 << 24)]
    public int WorkMegabytes { get; init; }

    /// <summary>Seconds that running requests get to finish once the process is told to stop.</summary>
    [Range(0, 3600)]
    public int DrainSeconds { get; init; } = 30;
}
