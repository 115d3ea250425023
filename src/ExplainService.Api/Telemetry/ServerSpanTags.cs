using System.Diagnostics;
using OpenTelemetry;

namespace ExplainService.Api.Telemetry;

/// <summary>
/// Keeps of a request's span what the service itself says. A path, a query, a host, the name of a client's program: each may be anything a
/// client likes, a text too, and ASP.NET's instrumentation notes them all.
/// </summary>
internal sealed class ServerSpanTags : BaseProcessor<Activity>
{
    private static readonly HashSet<string> Kept =
    [
        "http.request.method",
        "http.response.status_code",
        "http.route",
        "network.protocol.version",
        "url.scheme",
        "error.type",
    ];

    /// <inheritdoc/>
    public override void OnEnd(Activity data)
    {
        if (data.Kind != ActivityKind.Server)
        {
            return;
        }

        List<string>? foreign = null;
        foreach (var tag in data.EnumerateTagObjects())
        {
            if (!Kept.Contains(tag.Key))
            {
                (foreign ??= []).Add(tag.Key);
            }
        }

        foreach (var key in foreign ?? [])
        {
            data.SetTag(key, null);
        }
    }
}
