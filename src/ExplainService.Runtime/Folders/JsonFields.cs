using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace ExplainService.Runtime.Folders;

/// <summary>Reads fields of files that others wrote: a field that is missing or of another type than usual is as good as absent.</summary>
internal static class JsonFields
{
    /// <summary>A JSON object from a file; an empty one where the file is missing.</summary>
    /// <exception cref="ModelNotUsableException">The file is not a JSON object.</exception>
    public static JsonElement Read(string path) =>
        !File.Exists(path) ? JsonDocument.Parse("{}").RootElement
        : Parse(path) is { ValueKind: JsonValueKind.Object } json ? json
        : throw new ModelNotUsableException($"{Path.GetFileName(path)} is not a JSON object.");

    /// <summary>The items of a JSON array from a file; none where the file is missing.</summary>
    /// <exception cref="ModelNotUsableException">The file is not a JSON array.</exception>
    public static IReadOnlyList<JsonElement> ReadList(string path) =>
        !File.Exists(path) ? []
        : Parse(path) is { ValueKind: JsonValueKind.Array } json ? [.. json.EnumerateArray()]
        : throw new ModelNotUsableException($"{Path.GetFileName(path)} is not a JSON array.");

    private static JsonElement Parse(string path)
    {
        PlainFiles.Require(path, PlainFiles.MaxSettingsBytes);
        var bytes = File.ReadAllBytes(path).AsMemory();
        if (bytes.Span.StartsWith(Encoding.UTF8.Preamble))
        {
            bytes = bytes[Encoding.UTF8.Preamble.Length..];
        }

        try
        {
            RequireText(bytes.Span, Path.GetFileName(path));
            using var document = JsonDocument.Parse(
                bytes,
                new JsonDocumentOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip }
            );
            return document.RootElement.Clone();
        }
        catch (JsonException error)
        {
            throw new ModelNotUsableException($"{Path.GetFileName(path)} is not valid JSON: {error.Message}", error);
        }
    }

    /// <summary>
    /// Parsing lets through what cannot be read as text afterwards: bytes that are no UTF-8, and half of a surrogate pair.
    /// </summary>
    private static void RequireText(ReadOnlySpan<byte> json, string file)
    {
        if (!Utf8.IsValid(json))
        {
            throw new ModelNotUsableException($"{file} is not encoded in UTF-8.");
        }

        var reader = new Utf8JsonReader(
            json,
            new JsonReaderOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip }
        );
        while (reader.Read())
        {
            if (reader.TokenType is not (JsonTokenType.String or JsonTokenType.PropertyName) || !reader.ValueIsEscaped)
            {
                continue;
            }

            try
            {
                _ = reader.GetString();
            }
            catch (InvalidOperationException error)
            {
                throw new ModelNotUsableException(
                    $"{file} has an escape at byte {reader.TokenStartIndex} that is half a character.",
                    error
                );
            }
        }
    }

    public static JsonElement? Field(this JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null
            ? value
            : null;

    public static string? Text(this JsonElement json, string name) =>
        json.Field(name) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

    public static bool Flag(this JsonElement json, string name) => json.Field(name) is { ValueKind: JsonValueKind.True };

    /// <summary>An integer; null for anything else, "infinite" lengths such as 1e30 included.</summary>
    public static int? Integer(this JsonElement json, string name) => json.Field(name) is { } value ? AsInteger(value) : null;

    /// <summary>One integer or a list of them.</summary>
    public static int[] Integers(this JsonElement json, string name) =>
        json.Field(name) switch
        {
            { ValueKind: JsonValueKind.Array } list => [.. list.EnumerateArray().Select(AsInteger).OfType<int>()],
            { } value when AsInteger(value) is { } number => [number],
            _ => [],
        };

    public static int? AsInteger(JsonElement value) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && Math.Abs(number) < int.MaxValue
            ? (int)number
            : null;
}
