using ExplainService.Api.Pipeline;

namespace ExplainService.Api.Hosting;

/// <summary>What every answer tells browsers; an answer that has a policy of its own keeps it.</summary>
internal static class SecurityHeaders
{
    /// <summary>Of answers that are no pages: whatever a browser takes them for, nothing in them runs or loads, and nobody frames them.</summary>
    private const string NoPage = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

    private const string Year = "max-age=31536000";

    /// <summary>Sets them on every answer.</summary>
    public static void UseSecurityHeaders(this WebApplication app) =>
        app.Use(
            (context, next) =>
            {
                context.Response.AtStart(headers => Set(context.Request, headers));
                return next(context);
            }
        );

    private static void Set(HttpRequest request, IHeaderDictionary headers)
    {
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        // Answers repeat what a caller sent: nothing on the way keeps them.
        headers.CacheControl = headers.CacheControl.Count == 0 ? "no-store" : headers.CacheControl;
        headers.ContentSecurityPolicy = headers.ContentSecurityPolicy.Count == 0 ? NoPage : headers.ContentSecurityPolicy;
        if (request.IsHttps)
        {
            headers.StrictTransportSecurity = Year;
        }
    }
}
