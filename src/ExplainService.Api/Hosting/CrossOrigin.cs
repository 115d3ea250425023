using ExplainService.Api.Telemetry;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.Extensions.Options;

namespace ExplainService.Api.Hosting;

/// <summary><c>Cors:Origins</c>: the sites whose pages may call the service; none unless named, <c>*</c> for all.</summary>
internal static class CrossOrigin
{
    /// <summary>The section's name.</summary>
    public const string Section = "Cors";

    /// <summary>The setting: a list (<c>Cors:Origins:0</c>), or one string with commas.</summary>
    public const string Setting = "Origins";

    private const string Any = "*";

    /// <summary>Registers the policy.</summary>
    /// <exception cref="OptionsValidationException">An origin that no browser would send.</exception>
    public static void AddCrossOrigin(this IServiceCollection services, IConfiguration configuration)
    {
        var origins = configuration.List(Section + ":" + Setting).Select(Normal).ToArray();
        services.AddCors(cors =>
            cors.AddDefaultPolicy(policy =>
            {
                policy
                    .WithOrigins(origins)
                    .AllowAnyHeader()
                    .AllowAnyMethod()
                    .WithExposedHeaders([.. RateGate.Fields, "Retry-After", "WWW-Authenticate", RequestTelemetry.TraceHeader]);
                if (origins.Contains(Any))
                {
                    policy.AllowAnyOrigin();
                }
            })
        );
    }

    /// <summary>
    /// An origin as browsers write it (RFC 6454, 6.2), which is what it is compared with: scheme and host in lower case, no default port,
    /// no slash at the end.
    /// </summary>
    private static string Normal(string origin) =>
        origin == Any ? Any
        : Uri.TryCreate(origin, UriKind.Absolute, out var url) && IsOrigin(url)
            ? url.Scheme + Uri.SchemeDelimiter + HostOf(url) + (url.IsDefaultPort ? "" : FormattableString.Invariant($":{url.Port}"))
        : throw new OptionsValidationException(
            Section,
            typeof(CorsOptions),
            [$"{Section}:{Setting} holds '{origin}'; an origin is like https://notes.example, or * for every one"]
        );

    /// <summary>In ASCII, or with the brackets of an IPv6 address.</summary>
    private static string HostOf(Uri url) => url.HostNameType == UriHostNameType.IPv6 ? url.Host : url.IdnHost;

    private static bool IsOrigin(Uri url) =>
        url is { Host.Length: > 0, PathAndQuery: "/" or "", Fragment: "", UserInfo: "" }
        && !url.Host.Contains('*', StringComparison.Ordinal);
}
