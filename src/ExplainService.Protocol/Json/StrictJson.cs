using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Text.Unicode;
using ExplainService.Methods.Contracts;
using ExplainService.Protocol.Privacy;

namespace ExplainService.Protocol.Json;

/// <summary>Bytes to a request, or to an exception that names every field at fault.</summary>
public static class StrictJson
{
    /// <summary>What callers are told who send a list of texts: a clause.</summary>
    internal const string ManyTexts = "for many texts send one request a line as application/x-ndjson (NDJSON)";

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>Reads one request.</summary>
    /// <param name="requestType">The record that it is read as.</param>
    /// <param name="body">Its bytes, UTF-8, with or without a byte order mark.</param>
    /// <exception cref="InvalidRequestException">400; the JSON is invalid, or fields are.</exception>
    public static ExplainRequest Read(Type requestType, ReadOnlyMemory<byte> body) =>
        SpanMask.Apply((ExplainRequest)Read(ServiceJson.Options.GetTypeInfo(requestType), body));

    /// <summary>Reads one request of any kind.</summary>
    /// <param name="type">What it is read as.</param>
    /// <param name="body">Its bytes, UTF-8, with or without a byte order mark.</param>
    /// <exception cref="InvalidRequestException">400; the JSON is invalid, or fields are.</exception>
    public static object Read(JsonTypeInfo type, ReadOnlyMemory<byte> body)
    {
        if (body.Span.StartsWith(ByteOrderMark))
        {
            body = body[ByteOrderMark.Length..];
        }

        if (body.Span.IndexOfAnyExcept(" \t\r\n"u8) < 0)
        {
            throw Malformed("The body is empty; a JSON object was expected.");
        }

        if (!Utf8.IsValid(body.Span))
        {
            throw Malformed("The body is not valid UTF-8.");
        }

        try
        {
            var request = JsonSerializer.Deserialize(body.Span, type) ?? throw Malformed("The body must be a JSON object, not null.");
            // The serializer lets nulls into lists; a request that says null at all is walked to find them.
            return body.Span.IndexOf("null"u8) < 0 || Walk(body, type).Count == 0 ? request : throw new JsonException();
        }
        catch (JsonException exception)
        {
            // Reading is fast and stops at the first fault; only then is the body walked again, to name them all.
            throw Diagnose(body, type, exception);
        }
    }

    private static InvalidRequestException Diagnose(ReadOnlyMemory<byte> body, JsonTypeInfo type, JsonException exception)
    {
        try
        {
            var errors = Walk(body, type);
            if (errors.ContainsKey(JsonDiagnosis.Root))
            {
                return Malformed("The body must be a JSON object" + (IsList(body) ? "; " + ManyTexts + "." : "."));
            }

            if (errors.Count > 0)
            {
                return InvalidRequestException.Malformed(errors);
            }
        }
        catch (JsonException syntax)
        {
            return Malformed(
                FormattableString.Invariant(
                    $"The body is not valid JSON (at line {syntax.LineNumber + 1}, byte {syntax.BytePositionInLine + 1}), or nested over {ServiceJson.Options.MaxDepth} deep."
                )
            );
        }

        return Malformed(
            FormattableString.Invariant(
                $"The body is not a valid request (at line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1})."
            )
        );
    }

    private static bool IsList(ReadOnlyMemory<byte> body) => body.Span.TrimStart(" \t\r\n"u8).StartsWith("["u8);

    private static IReadOnlyDictionary<string, string[]> Walk(ReadOnlyMemory<byte> body, JsonTypeInfo type)
    {
        using var document = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = ServiceJson.Options.MaxDepth });
        return JsonDiagnosis.Find(document.RootElement, type);
    }

    private static InvalidRequestException Malformed(string detail) => new(detail, new Dictionary<string, string[]>());
}
