using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ExplainService.Explorer.Tests;

/// <summary>
/// A frontend of somebody else, whose one page is what its query says. A server of its own: a page that the browser has from a route comes
/// from no address, and may then call none of this machine.
/// </summary>
public sealed class OtherSite : IDisposable
{
    private readonly WebApplication site;

    private OtherSite(WebApplication site) => this.site = site;

    /// <summary>Its page with these elements, by a name of the machine that is an origin of its own.</summary>
    public Uri Page(string host, string body) =>
        new UriBuilder(site.Urls.Single()) { Host = host, Query = "body=" + Uri.EscapeDataString(body) }.Uri;

    /// <summary>Starts it on a random loopback port.</summary>
    public static OtherSite Start()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var site = builder.Build();
        site.MapGet(
            "/",
            (string body) =>
                Results.Content("<!doctype html><title>Notes</title><link rel='icon' href='data:,'>" + body, "text/html; charset=utf-8")
        );
        site.Start();
        return new OtherSite(site);
    }

    public void Dispose() => ((IDisposable)site).Dispose();
}
