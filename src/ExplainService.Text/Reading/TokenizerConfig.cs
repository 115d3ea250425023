using System.Globalization;
using System.Text.Json;
using ExplainService.Text.Added;
using ExplainService.Text.Json;

namespace ExplainService.Text.Reading;

/// <summary>tokenizer_config.json, special_tokens_map.json, added_tokens.json and config.json, as far as they are there.</summary>
internal sealed class TokenizerConfig
{
    private readonly JsonElement config;
    private readonly JsonElement specials;
    private readonly JsonElement added;
    private readonly JsonElement model;

    public TokenizerConfig(string folder)
    {
        config = ReadOrEmpty(folder, "tokenizer_config.json");
        specials = ReadOrEmpty(folder, "special_tokens_map.json");
        added = ReadOrEmpty(folder, "added_tokens.json");
        model = ReadOrEmpty(folder, "config.json");
    }

    /// <summary>The settings of tokenizer_config.json.</summary>
    public JsonElement Settings => config;

    /// <summary>The tokenizer's class without "Fast", else the model's type; empty if neither is known.</summary>
    public string Class => DeclaredClass ?? ModelType;

    /// <summary>The tokenizer's class without "Fast" by the word of tokenizer_config.json, else of config.json; null if neither says one.</summary>
    public string? DeclaredClass => ClassIn(config) ?? ClassIn(model);

    /// <summary>The model's type; empty if it is not known.</summary>
    public string ModelType => model.TextOrNull("model_type") ?? "";

    /// <summary>The text of a special token such as <c>mask_token</c>, or null. The settings win over the older map.</summary>
    public string? SpecialText(string name) => TokenText(config, name) ?? TokenText(specials, name);

    /// <summary>The declared tokens in the order of their ids; those of added_tokens.json have no flags of their own.</summary>
    public List<AddedToken> DeclaredTokens()
    {
        SortedDictionary<int, AddedToken> tokens = [];
        if (added.ValueKind == JsonValueKind.Object)
        {
            foreach (var entry in added.EnumerateObject())
            {
                var id = AddedIds.Check(entry.Value.AsInt("added_tokens.json"));
                tokens[id] =
                    Flags(entry.Name, id) ?? new AddedToken(id, entry.Name, IsSpecial(entry.Name), Normalized: !IsSpecial(entry.Name));
            }
        }

        if (config.Optional("added_tokens_decoder") is { ValueKind: JsonValueKind.Object } decoder)
        {
            foreach (var entry in decoder.EnumerateObject())
            {
                if (!int.TryParse(entry.Name, NumberStyles.None, CultureInfo.InvariantCulture, out var id))
                {
                    throw new TokenizerFormatException($"tokenizer_config.json declares an added token with the id '{entry.Name}'.");
                }

                tokens[id] = ReadToken(entry.Value, id);
            }
        }

        return [.. tokens.Values];
    }

    /// <summary>The texts of all special tokens that the files name.</summary>
    public IEnumerable<string> SpecialTexts() => SpecialNames.Select(SpecialText).OfType<string>().Concat(AdditionalTexts()).Distinct();

    /// <summary>How a special token that only the special tokens' files mention is looked for.</summary>
    public AddedToken? Flags(string content, int id)
    {
        foreach (var name in SpecialNames)
        {
            if (SpecialText(name) == content)
            {
                var json = config.Optional(name) is { ValueKind: JsonValueKind.Object } full ? full : specials.Optional(name);
                return json is { ValueKind: JsonValueKind.Object } flags ? ReadToken(flags, id) with { Special = true } : null;
            }
        }

        return null;
    }

    /// <summary>An added token as tokenizer.json and tokenizer_config.json write it.</summary>
    public static AddedToken ReadToken(JsonElement json, int id)
    {
        var special = json.Flag("special", false);
        return new AddedToken(
            id,
            json.Text("content"),
            special,
            json.Flag("normalized", !special),
            json.Flag("lstrip", false),
            json.Flag("rstrip", false),
            json.Flag("single_word", false)
        );
    }

    private static readonly string[] SpecialNames =
    [
        "bos_token",
        "eos_token",
        "unk_token",
        "sep_token",
        "pad_token",
        "cls_token",
        "mask_token",
    ];

    private bool IsSpecial(string content) => SpecialTexts().Contains(content);

    private IEnumerable<string> AdditionalTexts()
    {
        foreach (var source in new[] { config, specials })
        {
            if (source.Optional("additional_special_tokens") is { ValueKind: JsonValueKind.Array } list)
            {
                foreach (var item in list.EnumerateArray())
                {
                    yield return item.ValueKind == JsonValueKind.String ? item.GetString()! : item.Text("content");
                }
            }
        }
    }

    private static string? TokenText(JsonElement json, string name) =>
        json.Optional(name) switch
        {
            { ValueKind: JsonValueKind.String } text => text.GetString(),
            { ValueKind: JsonValueKind.Object } token => token.Text("content"),
            _ => null,
        };

    /// <summary>The one class that any tokenizer.json may have says nothing.</summary>
    private static string? ClassIn(JsonElement json) =>
        json.TextOrNull("tokenizer_class") is { Length: > 0 } name and not "PreTrainedTokenizerFast"
            ? name.EndsWith("Fast", StringComparison.Ordinal)
                ? name[..^4]
                : name
            : null;

    private static JsonElement ReadOrEmpty(string folder, string name)
    {
        var path = Path.Combine(folder, name);
        return File.Exists(path) ? TokenizerFiles.ReadJson(path) : default;
    }
}
