using ExplainService.Methods.Contracts;
using ExplainService.Protocol.Problems;
using ExplainService.Rendering;
using ExplainService.Rendering.Output;
using Microsoft.Net.Http.Headers;

namespace ExplainService.Api.Pipeline;

/// <summary>Chooses the form of an explanation by <c>?format=</c>, else by <c>Accept</c>.</summary>
internal sealed class Negotiation(IEnumerable<PictureFormat> pictures)
{
    private static readonly string[] KnownFormats = ["json", "svg", "png", "html"];

    /// <summary>What clients of streams ask for: the lines' type, or that of each line.</summary>
    private static readonly string[] StreamTypes = ["application/x-ndjson", "application/ndjson", "application/jsonl", "application/json"];

    private readonly PictureFormat[] pictures = [.. pictures];

    /// <summary>The picture that is wanted, and how; null for JSON.</summary>
    /// <exception cref="InvalidRequestException">
    /// An unknown <c>format</c>, a wrong option of a picture, an option of a picture for JSON.
    /// </exception>
    /// <exception cref="RefusedRequestException">406.</exception>
    public PictureRequest? Choose(HttpRequest request)
    {
        var picture = request.Query.TryGetValue("format", out var formats) ? ByFormat(formats.ToString()) : ByAccept(request);
        if (picture is not null)
        {
            return new PictureRequest(picture, PictureQuery.Read(Options(request.Query)));
        }

        RefuseOptions(request.Query);
        return null;
    }

    /// <summary>Checks that a stream of answers is what the client wants.</summary>
    /// <exception cref="InvalidRequestException">An unknown <c>format</c>, an option of a picture.</exception>
    /// <exception cref="RefusedRequestException">406: a picture, or a type that no stream has.</exception>
    public void CheckStream(HttpRequest request)
    {
        var picture = request.Query.TryGetValue("format", out var formats) ? ByFormat(formats.ToString()) : null;
        if (picture is not null || !AcceptsStream(request))
        {
            throw new RefusedRequestException(406, "A stream answers application/x-ndjson only; ask for pictures one request at a time.");
        }

        RefuseOptions(request.Query);
    }

    private static void RefuseOptions(IQueryCollection query)
    {
        if (query.FirstOrDefault(pair => PictureQuery.IsOption(pair.Key) && !IsDefault(pair)).Key is { } option)
        {
            throw InvalidRequestException.Malformed(option, "is an option of pictures; ask for one by format, or leave it out");
        }

        if (query.Keys.FirstOrDefault(key => key != "format" && !PictureQuery.IsOption(key)) is { } unknown)
        {
            throw InvalidRequestException.Malformed(unknown, "is not a query parameter of this request");
        }
    }

    private static bool IsDefault(KeyValuePair<string, Microsoft.Extensions.Primitives.StringValues> option) =>
        option.Value is [{ } value] && PictureQuery.IsDefault(option.Key, value);

    private static IEnumerable<KeyValuePair<string, string>> Options(IQueryCollection query) =>
        query.SelectMany(option => option.Value.Select(value => KeyValuePair.Create(option.Key, value ?? "")));

    private PictureFormat? ByFormat(string format)
    {
        if (format == "json")
        {
            return null;
        }

        if (Array.Find(pictures, picture => picture.Name == format) is { } found)
        {
            return found;
        }

        throw KnownFormats.Contains(format)
            ? NotAcceptable()
            : InvalidRequestException.Malformed(
                "format",
                "must be one of " + string.Join(", ", KnownFormats.Select(known => $"\"{known}\""))
            );
    }

    private PictureFormat? ByAccept(HttpRequest request)
    {
        if (request.Headers.Accept.Count == 0 || !MediaTypeHeaderValue.TryParseList(request.Headers.Accept, out var accepted))
        {
            return null;
        }

        // The client's order of preference decides; JSON wins what the client is indifferent about.
        var best = pictures
            .Select(picture => (Picture: (PictureFormat?)picture, Quality: Quality(picture.MediaType, accepted)))
            .Prepend((Picture: null, Quality: Quality("application/json", accepted)))
            .MaxBy(choice => choice.Quality);
        return best.Quality > 0 ? best.Picture : throw NotAcceptable();
    }

    /// <summary>Whether a client of one request would rather have lines than JSON.</summary>
    public static bool WantsLines(HttpRequest request) =>
        !request.Query.ContainsKey("format")
        && MediaTypeHeaderValue.TryParseList(request.Headers.Accept, out var accepted)
        && StreamTypes.SkipLast(1).Max(type => Quality(type, accepted)) > Quality("application/json", accepted);

    private static bool AcceptsStream(HttpRequest request) =>
        request.Headers.Accept.Count == 0
        || !MediaTypeHeaderValue.TryParseList(request.Headers.Accept, out var accepted)
        || Array.Exists(StreamTypes, type => Quality(type, accepted) > 0);

    /// <summary>The quality of the most specific range that covers the type (RFC 9110, 12.5.1); 0 where none does.</summary>
    public static double Quality(string mediaType, IList<MediaTypeHeaderValue> accepted)
    {
        var type = MediaTypeHeaderValue.Parse(mediaType);
        var range = accepted
            .Where(candidate => type.IsSubsetOf(WithoutParameters(candidate)))
            .MinBy(candidate =>
                candidate.MatchesAllTypes ? 2
                : candidate.MatchesAllSubTypes ? 1
                : 0
            );
        return range is null ? 0 : range.Quality ?? 1;
    }

    private static MediaTypeHeaderValue WithoutParameters(MediaTypeHeaderValue range) => new(range.MediaType);

    private RefusedRequestException NotAcceptable() =>
        new(406, $"This service answers {string.Join(", ", pictures.Select(picture => picture.MediaType).Prepend("application/json"))}.");
}

/// <summary>A picture that a client asked for.</summary>
/// <param name="Format">Its form.</param>
/// <param name="Options">How it is drawn.</param>
internal sealed record PictureRequest(PictureFormat Format, PictureOptions Options);
