using System.Buffers;
using System.IO.Pipelines;
using ExplainService.Protocol.Problems;
using ExplainService.Runtime;
using Microsoft.AspNetCore.Connections;
using Microsoft.Net.Http.Headers;

namespace ExplainService.Api.Pipeline;

/// <summary>What a body is by its content type.</summary>
internal enum BodyKind
{
    /// <summary>One request.</summary>
    Json,

    /// <summary>One request a line.</summary>
    JsonLines,
}

/// <summary>Bodies as bytes, within limits.</summary>
internal static class RequestBody
{
    /// <summary>What a refused body is read on to, so that its client gets to read the refusal.</summary>
    private const long DrainBytes = 64L << 20;

    /// <summary>JSON or JSON lines, by the content type.</summary>
    /// <exception cref="RefusedRequestException">415.</exception>
    public static BodyKind Kind(HttpRequest request)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type))
        {
            throw new RefusedRequestException(
                415,
                "The request needs a content-type: application/json, or application/x-ndjson for one request a line."
            );
        }

        if (type.Charset.HasValue && !HeaderUtilities.RemoveQuotes(type.Charset).Equals("utf-8", StringComparison.OrdinalIgnoreCase))
        {
            throw new RefusedRequestException(415, "The body's charset must be utf-8.");
        }

        RefuseEncoded(request);
        return type.MediaType.Value?.ToLowerInvariant() switch
        {
            "application/json" => BodyKind.Json,
            "application/x-ndjson" or "application/ndjson" or "application/jsonl" or "application/x-jsonlines" => BodyKind.JsonLines,
            _ when type.Suffix.Equals("json", StringComparison.OrdinalIgnoreCase) => BodyKind.Json,
            _ => throw new RefusedRequestException(
                415,
                "The body's media type is not supported; send application/json, or application/x-ndjson for one request a line."
            ),
        };
    }

    /// <summary>Refuses what is packed: a small body would be a large one.</summary>
    /// <exception cref="RefusedRequestException">415.</exception>
    public static void RefuseEncoded(HttpRequest request)
    {
        var codings = request.Headers.GetCommaSeparatedValues(HeaderNames.ContentEncoding);
        if (!Array.TrueForAll(codings, coding => coding.Equals("identity", StringComparison.OrdinalIgnoreCase)))
        {
            throw new RefusedRequestException(415, "Bodies must come without content-encoding.");
        }
    }

    /// <summary>
    /// Refuses a body of an endpoint that needs none, unless it comes as JSON: a page of another site can have a browser send others unasked.
    /// </summary>
    /// <exception cref="RefusedRequestException">415.</exception>
    public static void RefuseUntyped(HttpRequest request)
    {
        if (request.ContentLength is not (null or 0) || request.Headers.TransferEncoding.Count > 0)
        {
            Kind(request);
        }
    }

    /// <summary>Reads a whole body.</summary>
    /// <param name="request">The request.</param>
    /// <param name="limit">The most bytes.</param>
    /// <param name="memory">What the request holds: what has come counts, not what was announced.</param>
    /// <param name="cancellationToken">The client left.</param>
    /// <exception cref="RefusedRequestException">413.</exception>
    /// <exception cref="ServiceBusyException">429.</exception>
    public static async Task<ReadOnlyMemory<byte>> ReadAsync(
        HttpRequest request,
        int limit,
        MemoryShare memory,
        CancellationToken cancellationToken
    )
    {
        var reader = request.BodyReader;
        var held = 0L;
        if (request.ContentLength <= limit || request.ContentLength is null)
        {
            while (true)
            {
                var result = await NextAsync(reader, cancellationToken).ConfigureAwait(false);
                if (result.Buffer.Length > limit)
                {
                    reader.AdvanceTo(result.Buffer.End);
                    break;
                }

                await memory.TakeAsync(result.Buffer.Length - held, cancellationToken).ConfigureAwait(false);
                held = result.Buffer.Length;
                if (result.IsCompleted)
                {
                    var body = result.Buffer.ToArray();
                    reader.AdvanceTo(result.Buffer.End);
                    return body;
                }

                reader.AdvanceTo(result.Buffer.Start, result.Buffer.End);
            }
        }

        // A client that asked first (Expect: 100-continue) has sent nothing yet; others read the answer only once they have sent it all.
        if (request.Headers.Expect.Count == 0)
        {
            await DrainAsync(reader, cancellationToken).ConfigureAwait(false);
        }

        throw new RefusedRequestException(413, FormattableString.Invariant($"The body is over the limit of {limit} bytes."));
    }

    /// <summary>
    /// Kestrel tells broken framing by exceptions of several kinds: a chunk's size that is no number is malformed, one that is no 32-bit
    /// number an I/O error. Neither is a fault of the service.
    /// </summary>
    private static async ValueTask<ReadResult> NextAsync(PipeReader reader, CancellationToken cancellationToken)
    {
        try
        {
            return await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (IOException broken) when (broken is not BadHttpRequestException and not ConnectionResetException)
        {
            throw new BadHttpRequestException("The body's framing is malformed.", StatusCodes.Status400BadRequest, broken);
        }
    }

    private static async Task DrainAsync(PipeReader reader, CancellationToken cancellationToken)
    {
        for (long drained = 0; drained < DrainBytes; )
        {
            var result = await NextAsync(reader, cancellationToken).ConfigureAwait(false);
            drained += result.Buffer.Length;
            reader.AdvanceTo(result.Buffer.End);
            if (result.IsCompleted)
            {
                return;
            }
        }
    }
}
