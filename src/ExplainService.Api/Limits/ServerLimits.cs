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

    /// <summary>Bytes a second, after <see cref="GraceSeconds"/>, that a body must come at and an answer be read at; slower is cut off.</summary>
    [Range(1, 1 << 30)]
    public int MinBytesPerSecond { get; init; } = 1024;

    /// <summary>Seconds that a connection may be slower than <see cref="MinBytesPerSecond"/>.</summary>
    [Range(2, 3600)]
    public int GraceSeconds { get; init; } = 10;

    /// <summary>Seconds that the headers of a request may take.</summary>
    [Range(1, 3600)]
    public int MaxHeaderSeconds { get; init; } = 30;

    /// <summary>Seconds that a connection without a request is kept.</summary>
    [Range(1, 86_400)]
    public int MaxKeepAliveSeconds { get; init; } = 130;

    /// <summary>Seconds that an NDJSON stream may be without a line while none is being answered; a line that comes fast enough may take longer.</summary>
    [Range(1, 86_400)]
    public int MaxStreamIdleSeconds { get; init; } = 120;

    /// <summary>Seconds that running requests get to finish once the process is told to stop.</summary>
    [Range(0, 3600)]
    public int DrainSeconds { get; init; } = 30;
}
