using ExplainService.Methods.Contracts;
using Microsoft.Net.Http.Headers;

namespace ExplainService.Api.Pipeline;

/// <summary>Chooses the form of an explanation by <c>?format=</c>, else by <c>Accept</c>.</summary>
internal sealed class Negotiation(IEnumerable<IExplanationRenderer> renderers)
{
    private static readonly string[] KnownFormats = ["json", "svg", "png", "html"];
    private readonly IExplanationRenderer[] renderers = [.. renderers];

    /// <summary>The renderer to use; null for JSON.</summary>
    /// <exception cref="InvalidRequestException">An unknown <c>format</c>.</exception>
    /// <exception cref="RefusedRequestException">406.</exception>
    public IExplanationRenderer? Choose(HttpRequest request) =>
        request.Query.TryGetValue("format", out var formats) ? ByFormat(formats.ToString()) : ByAccept(request);

    private IExplanationRenderer? ByFormat(string format)
    {
        if (format == "json")
        {
            return null;
        }

        if (Array.Find(renderers, renderer => renderer.Format == format) is { } found)
        {
            return found;
        }

        throw KnownFormats.Contains(format)
            ? NotAcceptable()
            : InvalidRequestException.Malformed("format", "must be one of " + string.Join(", ", KnownFormats.Select(known => $"\"{known}\"")));
    }

    private IExplanationRenderer? ByAccept(HttpRequest request)
    {
        if (request.Headers.Accept.Count == 0 || !MediaTypeHeaderValue.TryParseList(request.Headers.Accept, out var accepted))
        {
            return null;
        }

        // The client's order of preference decides; JSON wins what the client is indifferent about.
        var best = renderers
            .Select(renderer => (Renderer: (IExplanationRenderer?)renderer, Quality: Quality(renderer.MediaType, accepted)))
            .Prepend((Renderer: null, Quality: Quality("application/json", accepted)))
            .MaxBy(choice => choice.Quality);
        return best.Quality > 0 ? best.Renderer : throw NotAcceptable();
    }

    /// <summary>The quality of the most specific range that covers the type (RFC 9110, 12.5.1); 0 where none does.</summary>
    private static double Quality(string mediaType, IList<MediaTypeHeaderValue> accepted)
    {
        var type = MediaTypeHeaderValue.Parse(mediaType);
        var range = accepted
            .Where(candidate => type.IsSubsetOf(WithoutParameters(candidate)))
            .MinBy(candidate => candidate.MatchesAllTypes ? 2 : candidate.MatchesAllSubTypes ? 1 : 0);
        return range is null ? 0 : range.Quality ?? 1;
    }

    private static MediaTypeHeaderValue WithoutParameters(MediaTypeHeaderValue range) => new(range.MediaType);

    private RefusedRequestException NotAcceptable() =>
        new(406, "this service answers " + string.Join(", ", renderers.Select(renderer => renderer.MediaType).Prepend("application/json")));
}
