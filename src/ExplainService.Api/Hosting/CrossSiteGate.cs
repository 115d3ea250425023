using ExplainService.Api.Pipeline;
using ExplainService.Protocol.Problems;
using Microsoft.AspNetCore.Cors.Infrastructure;

namespace ExplainService.Api.Hosting;

/// <summary>
/// Refuses what a page of another site has a browser send. Browsers ask first (a preflight) only for some requests; a form or an image of a
/// foreign page may send the others, and must not load, unload or compute anything.
/// </summary>
internal sealed class CrossSiteGate(RequestDelegate next, ICorsPolicyProvider policies)
{
    private static readonly string[] Reading = [HttpMethods.Get, HttpMethods.Head, HttpMethods.Options];

    /// <summary>Runs the rest of the pipeline.</summary>
    public async Task InvokeAsync(HttpContext context)
    {
        if (Changes(context) && IsForeign(context.Request) && !await IsAllowedAsync(context).ConfigureAwait(false))
        {
            throw new RefusedRequestException(
                403,
                "Pages of other sites may not call this service from a browser; its operator can allow them (Cors:Origins)."
            );
        }

        await next(context).ConfigureAwait(false);
    }

    /// <summary>What GET answers changes nothing, but for the endpoints that say so.</summary>
    private static bool Changes(HttpContext context) =>
        !Array.Exists(Reading, verb => HttpMethods.Equals(verb, context.Request.Method))
        || context.GetEndpoint()?.Metadata.GetMetadata<ChangesOnReadAttribute>() is not null;

    private static bool IsForeign(HttpRequest request) =>
        request.Headers["Sec-Fetch-Site"].ToString().Equals("cross-site", StringComparison.OrdinalIgnoreCase)
        || request.Headers.Origin.Any(origin => origin is not null && !IsOwn(origin, request.Host));

    /// <summary>
    /// By host and port alone: behind a proxy that ends TLS the scheme is not the one that the browser sees. <c>null</c>, of a page without
    /// an origin, is nobody's own.
    /// </summary>
    private static bool IsOwn(string origin, HostString host) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var url)
        && host.HasValue
        && url.Host.Equals(host.Host, StringComparison.OrdinalIgnoreCase)
        && (host.Port == url.Port || (host.Port is null && url.IsDefaultPort));

    private async Task<bool> IsAllowedAsync(HttpContext context)
    {
        var policy = await policies.GetPolicyAsync(context, null).ConfigureAwait(false);
        return policy is not null
            && (policy.AllowAnyOrigin || (context.Request.Headers.Origin is [{ } origin] && policy.IsOriginAllowed(origin)));
    }
}
