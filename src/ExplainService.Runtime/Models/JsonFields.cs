using System.Text.Json;

namespace ExplainService.Runtime.Models;

/// <summary>Reads fields of files that others wrote: a field that is missing or of another type than usual is as good as absent.</summary>
internal static class JsonFields
{
    /// <summary>A JSON object from a file; an empty one where the file is missing.</summary>
    /// <exception cref="ModelNotUsableException">The file is no JSON object.</exception>
    public static JsonElement Read(string path)
    {
        if (!File.Exists(path))
            return JsonDocument.Parse("{}").RootElement;

        try
        {
            using var document = JsonDocument.Parse(
                File.ReadAllBytes(path), new JsonDocumentOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip });
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? document.RootElement.Clone()
                : throw new ModelNotUsableException($"{Path.GetFileName(path)} is no JSON object.");
        }
        catch (JsonException error)
        {
            throw new ModelNotUsableException($"{Path.GetFileName(path)} is no JSON: {error.Message}", error);
        }
    }

    public static JsonElement? Field(this JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    public static string? Text(this JsonElement json, string name) =>
        json.Field(name) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

    public static bool Flag(this JsonElement json, string name) => json.Field(name) is { ValueKind: JsonValueKind.True };

    /// <summary>An integer; null for anything else, "infinite" lengths such as 1e30 included.</summary>
    public static int? Integer(this JsonElement json, string name) => json.Field(name) is { } value ? AsInteger(value) : null;

    /// <summary>One integer or a list of them.</summary>
    public static int[] Integers(this JsonElement json, string name) => json.Field(name) switch
    {
        { ValueKind: JsonValueKind.Array } list => [.. list.EnumerateArray().Select(AsInteger).OfType<int>()],
        { } value when AsInteger(value) is { } number => [number],
        _ => [],
    };

    private static int? AsInteger(JsonElement value) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && Math.Abs(number) < int.MaxValue ? (int)number : null;
}
