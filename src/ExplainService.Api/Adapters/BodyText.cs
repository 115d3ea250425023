using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ExplainService.Methods.Contracts;

namespace ExplainService.Api.Adapters;

/// <summary>Bodies that are no record: texts, or JSON of any kind.</summary>
internal static class BodyText
{
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);
    private static readonly JsonDocumentOptions Documents = new() { MaxDepth = 32, AllowDuplicateProperties = false };

    /// <summary>A body as a text, without a byte order mark.</summary>
    /// <exception cref="InvalidRequestException">It is no UTF-8.</exception>
    public static string Of(ReadOnlyMemory<byte> body)
    {
        try
        {
            return Strict.GetString(body.Span).TrimStart('\uFEFF');
        }
        catch (DecoderFallbackException)
        {
            throw InvalidRequestException.Malformed("(body)", "is not valid UTF-8");
        }
    }

    /// <summary>A body as JSON; null: <c>null</c>.</summary>
    /// <exception cref="InvalidRequestException">It is none.</exception>
    public static JsonNode? Json(ReadOnlyMemory<byte> body) => Json(Of(body));

    /// <summary>A text as JSON; null: <c>null</c>.</summary>
    /// <exception cref="InvalidRequestException">It is none.</exception>
    public static JsonNode? Json(string text)
    {
        try
        {
            return JsonNode.Parse(text, documentOptions: Documents);
        }
        catch (JsonException)
        {
            throw InvalidRequestException.Malformed("(body)", "is not valid JSON, gives a field twice, or is nested over 32 deep");
        }
    }

    /// <summary>A body as JSON; null where it is none.</summary>
    public static JsonNode? TryJson(ReadOnlyMemory<byte> body)
    {
        try
        {
            return body.Span.TrimStart(" \t\r\n"u8).StartsWith("{"u8) ? JsonNode.Parse(Of(body), documentOptions: Documents) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
