using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace ExplainService.Api.Limits;

/// <summary>How slow a connection may be: what it holds of the server is others' meanwhile.</summary>
internal static class ConnectionLimits
{
    /// <summary>Tells Kestrel.</summary>
    public static void Apply(KestrelServerOptions kestrel, IOptions<ServerLimits> options)
    {
        var limits = options.Value;
        var rate = new MinDataRate(limits.MinBytesPerSecond, TimeSpan.FromSeconds(limits.GraceSeconds));
        kestrel.AddServerHeader = false;
        // Bodies are limited where they are read, so that the refusal reaches the client as a problem.
        kestrel.Limits.MaxRequestBodySize = null;
        kestrel.Limits.MinRequestBodyDataRate = rate;
        kestrel.Limits.MinResponseDataRate = rate;
        kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(limits.MaxHeaderSeconds);
        kestrel.Limits.KeepAliveTimeout = TimeSpan.FromSeconds(limits.MaxKeepAliveSeconds);
    }
}
