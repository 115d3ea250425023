using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace ExplainService.Api.Hosting;

/// <summary>
/// The addresses that the service is told to listen on. Kestrel takes a host that it does not understand (<c>127.0.0.1:18x</c>) for every
/// address of the machine, at port 80: what it would misread is refused before it reads it.
/// </summary>
internal static class ListeningAddresses
{
    /// <summary>Where the service listens unless it is told otherwise.</summary>
    public const string Default = "http://localhost:8080";

    private const string Urls = "urls";
    private const string Endpoints = "Kestrel:Endpoints";

    private static readonly string[] Ports = ["http_ports", "https_ports"];

    /// <summary>The settings that say where the service listens.</summary>
    public static IReadOnlyList<string> Keys { get; } = [Urls, .. Ports];

    /// <summary>Checks the addresses, and listens on <see cref="Default"/> where there are none.</summary>
    /// <exception cref="OptionsValidationException">An address that cannot be meant.</exception>
    public static void ListenWhereConfigured(this WebApplicationBuilder builder)
    {
        var configuration = builder.Configuration;
        var endpoints = configuration.GetSection(Endpoints);
        string[] wrong =
        [
            .. WrongUrls(Urls, configuration[Urls]),
            .. Ports.SelectMany(key => WrongPorts(key, configuration[key])),
            .. endpoints.GetChildren().SelectMany(endpoint => WrongUrls(endpoint.Path + ":Url", endpoint["Url"])),
        ];
        if (wrong.Length > 0)
        {
            throw new OptionsValidationException(Urls, typeof(KestrelServerOptions), wrong);
        }

        if (Keys.All(key => string.IsNullOrEmpty(configuration[key])) && !endpoints.Exists())
        {
            builder.WebHost.UseUrls(Default);
        }
    }

    /// <summary>The addresses, as they are configured, at which others than this machine may ask.</summary>
    public static IReadOnlyList<string> BeyondThisMachine(IConfiguration configuration) =>
        [
            .. Parts(configuration[Urls]).Where(url => !IsOfThisMachine(BindingAddress.Parse(url))),
            .. Ports.SelectMany(key => Parts(configuration[key]).Select(port => $"*:{port}")),
            .. configuration
                .GetSection(Endpoints)
                .GetChildren()
                .SelectMany(endpoint => Parts(endpoint["Url"]))
                .Where(url => !IsOfThisMachine(BindingAddress.Parse(url))),
        ];

    private static bool IsOfThisMachine(BindingAddress address) =>
        address.IsUnixPipe
        || address.IsNamedPipe
        || address.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(address.Host, out var ip) && IPAddress.IsLoopback(ip));

    private static IEnumerable<string> WrongUrls(string key, string? urls) =>
        from url in Parts(urls)
        where !IsAddress(url)
        select $"{key} holds '{url}'; an address is like http://127.0.0.1:8080, http://localhost:8080, or http://*:8080 for every one";

    private static IEnumerable<string> WrongPorts(string key, string? ports) =>
        from port in Parts(ports)
        where !int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || !IsPort(number)
        select $"{key} holds '{port}'; a port is from 0 to {IPEndPoint.MaxPort}";

    private static string[] Parts(string? list) =>
        list?.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];

    private static bool IsAddress(string url)
    {
        BindingAddress address;
        try
        {
            address = BindingAddress.Parse(url);
        }
        catch (FormatException)
        {
            return false;
        }

        return IsHttp(address.Scheme)
            && address.PathBase.Length == 0
            && (address.IsUnixPipe || address.IsNamedPipe || (IsHost(address.Host) && IsPort(address.Port)));
    }

    private static bool IsHttp(string scheme) =>
        scheme.Equals(Uri.UriSchemeHttp, StringComparison.OrdinalIgnoreCase)
        || scheme.Equals(Uri.UriSchemeHttps, StringComparison.OrdinalIgnoreCase);

    /// <summary>Not any other name: Kestrel would listen on every address rather than on that of the name.</summary>
    private static bool IsHost(string host) =>
        host is "*" or "+" || host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || IPAddress.TryParse(host, out _);

    private static bool IsPort(int port) => port is >= IPEndPoint.MinPort and <= IPEndPoint.MaxPort;
}
