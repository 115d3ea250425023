using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ExplainService.Api.Limits;
using ExplainService.Api.Pipeline;
using ExplainService.Api.Telemetry;
using ExplainService.Methods.Contracts;
using ExplainService.Methods.Pipeline;
using ExplainService.Protocol.Json;
using ExplainService.Protocol.Privacy;
using ExplainService.Runtime;
using Microsoft.Extensions.Options;

namespace ExplainService.Api.Adapters;

/// <summary>
/// Takes requests of other services' protocols as those of the native endpoints are taken: within the limits of bodies and memory, until the
/// client leaves or the drain ends it, through the one runner with its keys, budgets and audit log.
/// </summary>
internal sealed class PeerRequests(
    ExplanationRunner runner,
    WorkMemory memory,
    Redaction redaction,
    Readiness readiness,
    IOptions<ServerLimits> limits
)
{
    /// <summary>The most requests of this service that one request of a peer may stand for: their answers are held together.</summary>
    public const int MostAtOnce = 1000;

    /// <summary>Bytes that fields which hold for all texts may take when each text has them.</summary>
    private const long MostShared = 16 << 20;

    /// <summary>What is masked.</summary>
    public Redaction Redaction => redaction;

    /// <summary>Answers a request whose body is JSON.</summary>
    /// <typeparam name="T">The peer's request.</typeparam>
    /// <param name="context">The request.</param>
    /// <param name="type">How it is read: unknown fields are refused, as they do not map.</param>
    /// <param name="answer">Answers it.</param>
    public Task<IResult> ServeAsync<T>(HttpContext context, JsonTypeInfo<T> type, Func<T, PeerWork, Task<IResult>> answer)
    {
        if (RequestBody.Kind(context.Request) != BodyKind.Json)
        {
            throw new Protocol.Problems.RefusedRequestException(415, "The body must be application/json.");
        }

        return ServeAsync(context, (body, work) => answer((T)StrictJson.Read(type, body), work));
    }

    /// <summary>Answers a request, whatever its body is.</summary>
    /// <param name="context">The request.</param>
    /// <param name="answer">Answers it.</param>
    public async Task<IResult> ServeAsync(HttpContext context, Func<ReadOnlyMemory<byte>, PeerWork, Task<IResult>> answer)
    {
        RequestBody.RefuseEncoded(context.Request);
        var work = Open(context);
        var share = work.Hold();
        var left = context.RequestAborted;
        var body = await RequestBody.ReadAsync(context.Request, limits.Value.MaxBodyBytes, share, left).ConfigureAwait(false);
        await share.TakeAsync(WorkBytes.Of(body.Length), left).ConfigureAwait(false);
        CheckUnicode(body.Span);
        return await answer(body, work).ConfigureAwait(false);
    }

    /// <summary>Begins the work of a request; what it holds is given back when the request has been answered.</summary>
    public PeerWork Open(HttpContext context)
    {
        var clock = new RequestClock(context.RequestAborted, readiness.DrainExpired);
        context.Response.RegisterForDispose(clock);
        var work = new PeerWork(runner, memory, RequestFacts.Of(context), clock, limits.Value.StreamWindow);
        context.Response.RegisterForDispose(work);
        return work;
    }

    /// <summary>Checks, before anything is made of them, how many texts a request stands for.</summary>
    /// <param name="texts">How many.</param>
    /// <param name="shared">Bytes of the fields that each of them has besides its own.</param>
    /// <exception cref="InvalidRequestException">400.</exception>
    public static void CheckCount(int texts, long shared = 0)
    {
        if (texts is 0 or > MostAtOnce)
        {
            throw InvalidRequestException.Malformed(
                "(body)",
                FormattableString.Invariant($"must hold from 1 to {MostAtOnce} texts; it holds {texts}")
            );
        }

        if (texts * shared > MostShared)
        {
            throw InvalidRequestException.Malformed("(body)", "has fields for all texts that are too long for so many");
        }
    }

    /// <summary>Half a surrogate pair, which JSON can spell and no text can hold, is found before anything is made of the body.</summary>
    /// <exception cref="InvalidRequestException">400.</exception>
    public static void CheckUnicode(ReadOnlySpan<byte> body)
    {
        // Lines of JSON too, and behind a byte order mark.
        var reader = new Utf8JsonReader(
            body.StartsWith("\uFEFF"u8) ? body[3..] : body,
            new JsonReaderOptions { MaxDepth = ServiceJson.Options.MaxDepth, AllowMultipleValues = true }
        );
        try
        {
            while (reader.Read())
            {
                if (reader.ValueIsEscaped)
                {
                    reader.GetString();
                }
            }
        }
        catch (JsonException)
        {
            // Whoever reads it says what is wrong, or takes it as something else than JSON.
        }
        catch (Exception half) when (half is InvalidOperationException or DecoderFallbackException)
        {
            throw InvalidRequestException.Malformed("(body)", "holds a string that is not valid Unicode");
        }
    }
}
