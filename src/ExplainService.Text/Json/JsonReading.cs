using System.Text.Json;

namespace ExplainService.Text.Json;

/// <summary>Reads properties of the tokenizers' JSON files; a wrong kind of value is a <see cref="TokenizerFormatException"/>.</summary>
internal static class JsonReading
{
    /// <summary>A property that is there and not null.</summary>
    public static JsonElement? Optional(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null
            ? value
            : null;

    public static JsonElement Required(this JsonElement element, string name) =>
        element.Optional(name) ?? throw new TokenizerFormatException($"The tokenizer lacks '{name}'.");

    public static string Type(this JsonElement element) => element.Text("type");

    public static string Text(this JsonElement element, string name) =>
        element.TextOrNull(name) ?? throw new TokenizerFormatException($"The tokenizer lacks '{name}'.");

    public static string? TextOrNull(this JsonElement element, string name) =>
        element.Optional(name) switch
        {
            null => null,
            { ValueKind: JsonValueKind.String } value => value.GetString(),
            _ => throw new TokenizerFormatException($"The tokenizer's '{name}' is not a string."),
        };

    public static bool Flag(this JsonElement element, string name, bool otherwise) => element.FlagOrNull(name) ?? otherwise;

    public static bool? FlagOrNull(this JsonElement element, string name) =>
        element.Optional(name)?.ValueKind switch
        {
            null => null,
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            _ => throw new TokenizerFormatException($"The tokenizer's '{name}' is neither true nor false."),
        };

    public static int Int(this JsonElement element, string name) => element.Required(name).AsInt(name);

    public static int? IntOrNull(this JsonElement element, string name) => element.Optional(name)?.AsInt(name);

    public static int AsInt(this JsonElement value, string name) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number)
            ? number
            : throw new TokenizerFormatException($"The tokenizer's '{name}' is not an integer.");

    public static IEnumerable<JsonElement> Items(this JsonElement element, string name)
    {
        var value = element.Required(name);
        return value.ValueKind == JsonValueKind.Array
            ? value.EnumerateArray()
            : throw new TokenizerFormatException($"The tokenizer's '{name}' is not a list.");
    }
}
