using ExplainService.Api.Access;
using ExplainService.Api.Explorer;
using ExplainService.Api.Telemetry;
using Microsoft.Net.Http.Headers;

namespace ExplainService.Api.Endpoints;

/// <summary>The explorer: its page at <c>/</c>, its files below <c>/explorer</c>; the element for pages of others at the root.</summary>
internal static class ExplorerEndpoints
{
    /// <summary>
    /// Nothing but this origin's own files runs, styles or is called; the page is in nobody's frame and sends forms nowhere. Text reaches
    /// the page by <c>textContent</c> alone, which the last directive has the browser enforce.
    /// </summary>
    public const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'";

    private static readonly string[] Verbs = [HttpMethods.Get, HttpMethods.Head];

    private static void Map(IEndpointRouteBuilder routes, string path, ExplorerFile file) =>
        routes
            .MapMethods(path, Verbs, (HttpContext context) => Send(context, file))
            .ExcludeFromDescription()
            .WithMetadata(new NoRequestLogAttribute(), new StaticFileAttribute(), new OpenToAll());

    /// <summary>Maps every file of the explorer.</summary>
    public static void MapExplorer(this IEndpointRouteBuilder routes)
    {
        foreach (var file in ExplorerFiles.All.Where(file => file.Path != ExplorerFiles.JobsPage))
        {
            Map(routes, file.Path == ExplorerFiles.Page ? "/" : "/explorer/" + file.Path, file);
            if (file.Path == ExplorerFiles.Element)
            {
                Map(routes, "/" + file.Path, file);
            }
        }
    }

    /// <summary>Whether a browser asks for a page rather than a program for data: data it is unless <c>Accept</c> names pages.</summary>
    public static bool WantsPage(HttpRequest request)
    {
        var accepted = request.GetTypedHeaders().Accept;
        return Quality("text/html") > Quality("application/json");

        double Quality(string type) =>
            accepted
                .Where(one => one.MediaType.Equals(type, StringComparison.OrdinalIgnoreCase))
                .Select(one => one.Quality ?? 1)
                .DefaultIfEmpty(0)
                .Max();
    }

    /// <summary>A file with the headers that all have.</summary>
    public static IResult Send(HttpContext context, ExplorerFile file)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = ContentSecurityPolicy;
        // Kept, but asked about each time: an upgraded service must never serve half of an old page.
        headers.CacheControl = "no-cache";
        return Results.Bytes(file.Content, file.MediaType, entityTag: new EntityTagHeaderValue(file.ETag));
    }
}
