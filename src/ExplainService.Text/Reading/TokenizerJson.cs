using System.Text.Json;
using ExplainService.Text.Added;
using ExplainService.Text.Decoders;
using ExplainService.Text.Families;
using ExplainService.Text.Json;
using ExplainService.Text.Normalizers;
using ExplainService.Text.Splitters;
using ExplainService.Text.Templates;

namespace ExplainService.Text.Reading;

/// <summary>Reads tokenizer.json, and what tokenizer_config.json says otherwise, as Transformers' fast tokenizers do.</summary>
internal static class TokenizerJson
{
    public static TokenizerParts Read(JsonElement json, TokenizerConfig config)
    {
        var family = FamilyReader.Read(json.Required("model"));
        List<AddedToken> added = [];
        if (json.Optional("added_tokens") is { ValueKind: JsonValueKind.Array } list)
        {
            AddedIds.Add(
                added,
                list.EnumerateArray().Select(item => TokenizerConfig.ReadToken(item, AddedIds.Check(item.Int("id")))),
                family
            );
        }

        AddDeclared(added, config, family);
        if (family.MissingUnknown is { } unknown && !added.Exists(token => token.Content == unknown))
        {
            throw new TokenizerFormatException($"The vocabulary lacks the unknown token '{unknown}'.");
        }

        var settings = config.Settings;
        return new TokenizerParts(
            added,
            ReadNormalizer(json.Optional("normalizer"), settings),
            ReadSplitter(json.Optional("pre_tokenizer"), settings),
            family,
            ReadTemplate(json.Optional("post_processor"), config, added, family),
            DecoderReader.Read(json.Optional("decoder"))
        );
    }

    /// <summary>Adds the tokens that only the other files declare.</summary>
    public static void AddDeclared(List<AddedToken> added, TokenizerConfig config, TokenFamily family)
    {
        var known = added.Select(token => token.Content).ToHashSet(StringComparer.Ordinal);
        AddedIds.Add(added, config.DeclaredTokens().Where(token => known.Add(token.Content)), family);

        foreach (var text in config.SpecialTexts())
        {
            if (!known.Contains(text) && family.Vocabulary.IdOf(text) is { } id && known.Add(text))
            {
                added.Add(config.Flags(text, id) ?? new AddedToken(id, text, Special: true, Normalized: false));
            }
        }
    }

    /// <summary>BERT's settings in tokenizer_config.json win over the normaliser's own.</summary>
    private static INormalizer? ReadNormalizer(JsonElement? json, JsonElement settings)
    {
        if (json?.Type() != "BertNormalizer" || settings.FlagOrNull("do_lower_case") is not { } lowercase)
        {
            return NormalizerReader.Read(json);
        }

        return new BertNormalizer(
            json.Value.Flag("clean_text", true),
            settings.FlagOrNull("tokenize_chinese_chars") ?? json.Value.Flag("handle_chinese_chars", true),
            settings.FlagOrNull("strip_accents") ?? json.Value.FlagOrNull("strip_accents") ?? lowercase,
            lowercase
        );
    }

    private static Splitter? ReadSplitter(JsonElement? json, JsonElement settings) =>
        json?.Type() == "ByteLevel" && settings.FlagOrNull("add_prefix_space") is { } adds
            ? new ByteLevelSplitter(adds, json.Value.Flag("use_regex", true))
            : SplitterReader.Read(json);

    /// <summary>Llama's switches for the first and the last token win over the template.</summary>
    private static Template ReadTemplate(JsonElement? json, TokenizerConfig config, List<AddedToken> added, TokenFamily family)
    {
        var (settings, template) = (config.Settings, TemplateReader.Read(json));
        if (json?.Type() == "RobertaProcessing" && settings.FlagOrNull("trim_offsets") is { } trims)
        {
            return template with { TrimsOffsets = trims, AddsPrefixSpace = settings.Flag("add_prefix_space", template.AddsPrefixSpace) };
        }

        if (config.Class != "Llama" && config.Class != "LlamaTokenizer")
        {
            return template;
        }

        return settings.FlagOrNull("add_bos_token") is not { } first
            ? template
            : TemplateReader.Around(
                first ? Special("bos_token") : null,
                settings.Flag("add_eos_token", false) ? Special("eos_token") : null,
                1
            );

        (int Id, string Text)? Special(string name) =>
            config.SpecialText(name) is { } text
                ? (added.Find(token => token.Content == text)?.Id ?? family.Vocabulary.Require(text, name), text)
                : null;
    }
}
