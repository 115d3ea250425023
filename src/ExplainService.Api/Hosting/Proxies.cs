using System.Net;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Options;
using IPNetwork = System.Net.IPNetwork;

namespace ExplainService.Api.Hosting;

/// <summary>
/// <c>Proxies:Known</c>: whose <c>X-Forwarded-For</c> and <c>X-Forwarded-Proto</c> are believed; nobody's unless named. Not the host: whom the
/// service answers for is its own configuration's matter.
/// </summary>
internal static class Proxies
{
    /// <summary>The section's name.</summary>
    public const string Section = "Proxies";

    /// <summary>The setting: addresses and networks, a list (<c>Proxies:Known:0</c>), or one string with commas.</summary>
    public const string Setting = "Known";

    /// <summary>Of the framework: believes everybody.</summary>
    private const string Everybody = "FORWARDEDHEADERS_ENABLED";

    /// <summary>Registers what is believed.</summary>
    /// <exception cref="OptionsValidationException">What is no address, or everybody.</exception>
    public static void AddProxies(this IServiceCollection services, IConfiguration configuration)
    {
        var named = configuration.List(Section + ":" + Setting);
        string[] wrong =
        [
            .. named
                .Where(one => !IPAddress.TryParse(one, out _) && !IPNetwork.TryParse(one, out _))
                .Select(one => $"{Section}:{Setting} holds '{one}'; it must be an address, or a network such as 10.0.0.0/8"),
            .. bool.TryParse(configuration[Everybody], out var everybody) && everybody
                ? (string[])[$"ASPNETCORE_{Everybody} believes whatever a client says of itself; name the proxies ({Section}:{Setting})"]
                : [],
        ];
        if (wrong.Length > 0)
        {
            throw new OptionsValidationException(Section, typeof(ForwardedHeadersOptions), wrong);
        }

        services.Configure<ForwardedHeadersOptions>(forwarded =>
        {
            // The framework believes this machine unless it is told otherwise.
            forwarded.KnownProxies.Clear();
            forwarded.KnownIPNetworks.Clear();
            forwarded.ForwardedHeaders =
                named.Length == 0 ? ForwardedHeaders.None : ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto;
            // Of a chain as many as are known.
            forwarded.ForwardLimit = null;
            foreach (var one in named)
            {
                if (IPAddress.TryParse(one, out var address))
                {
                    forwarded.KnownProxies.Add(address);
                }
                else
                {
                    forwarded.KnownIPNetworks.Add(IPNetwork.Parse(one));
                }
            }
        });
    }
}
