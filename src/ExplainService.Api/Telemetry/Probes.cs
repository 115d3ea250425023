namespace ExplainService.Api.Telemetry;

/// <summary>Requests that watch the service: they come every few seconds, and are answered while it drains.</summary>
internal static class Probes
{
    private static readonly PathString[] Paths = ["/health", "/v2/health", "/metrics"];

    /// <summary>Whether a path is one of theirs.</summary>
    public static bool Are(PathString path) => Array.Exists(Paths, probe => path.StartsWithSegments(probe));
}
