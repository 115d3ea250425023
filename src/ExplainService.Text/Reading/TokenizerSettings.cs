using System.Text.Json;

namespace ExplainService.Text.Reading;

/// <summary>What tokenizer_config.json and special_tokens_map.json say beside the vocabulary.</summary>
internal sealed class TokenizerSettings
{
    private readonly Dictionary<string, JsonElement> values = new(StringComparer.Ordinal);

    /// <summary>Reads both files of a folder; either may be missing. The configuration wins.</summary>
    public TokenizerSettings(string folder)
    {
        foreach (var name in new[] { "special_tokens_map.json", "tokenizer_config.json" })
        {
            var path = Path.Combine(folder, name);
            if (!File.Exists(path))
            {
                continue;
            }

            using var document = TokenizerFile.Parse(path);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                throw new TokenizerFormatException($"{name} is not an object.");
            }

            foreach (var property in document.RootElement.EnumerateObject())
            {
                values[property.Name] = property.Value.Clone();
            }
        }
    }

    /// <summary>Transformers' class of the tokenizer, or nothing.</summary>
    public string Class => values.TryGetValue("tokenizer_class", out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    /// <summary>The longest input, where it is one (Transformers writes 10³⁰ for none).</summary>
    public int? MaxLength => values.TryGetValue("model_max_length", out var value) && value.ValueKind == JsonValueKind.Number
        && value.GetDouble() is > 0 and < 1e6 and var length ? (int)length : null;

    /// <summary>A token's text, written as a string or as an object with <c>content</c>.</summary>
    public string? TextOf(string key) => !values.TryGetValue(key, out var value) ? null : value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Object => value.TextOrNull("content"),
        _ => null,
    };

    /// <summary>A setting that is true or false.</summary>
    public bool? Flag(string key) => !values.TryGetValue(key, out var value) ? null : value.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => null,
    };
}
