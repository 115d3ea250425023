using System.Text;
using System.Text.Json;
using ExplainService.Text.Json;
using ExplainService.Text.Patterns;

namespace ExplainService.Text.Normalizers;

/// <summary>Reads the <c>normalizer</c> of tokenizer.json: one line a type.</summary>
internal static class NormalizerReader
{
    public static INormalizer? Read(JsonElement? json) =>
        json is not { } element
            ? null
            : element.Type() switch
            {
                "Sequence" => new NormalizerSequence([.. element.Items("normalizers").Select(item => Read(item)!)]),
                "BertNormalizer" => new BertNormalizer(
                    element.Flag("clean_text", true),
                    element.Flag("handle_chinese_chars", true),
                    element.FlagOrNull("strip_accents") ?? element.Flag("lowercase", true),
                    element.Flag("lowercase", true)
                ),
                "NFC" => new UnicodeForm(NormalizationForm.FormC),
                "NFD" => new UnicodeForm(NormalizationForm.FormD),
                "NFKC" => new UnicodeForm(NormalizationForm.FormKC),
                "NFKD" => new UnicodeForm(NormalizationForm.FormKD),
                "Lowercase" => new LowercaseNormalizer(),
                "StripAccents" => CharacterMaps.StripAccents,
                "Strip" => new StripNormalizer(element.Flag("strip_left", true), element.Flag("strip_right", true)),
                "Replace" => new ReplaceNormalizer(TextPattern.Read(element.Required("pattern")), element.Text("content")),
                "Prepend" => new PrependNormalizer(element.Text("prepend")),
                "Nmt" => CharacterMaps.Nmt,
                "Precompiled" => element.TextOrNull("precompiled_charsmap") is { Length: > 0 } map
                    ? new CharsMapNormalizer(Convert.FromBase64String(map))
                    : new NormalizerSequence([]),
                "ByteLevel" => new ByteLevelNormalizer(),
                var other => throw new TokenizerNotSupportedException("normalizer", other),
            };
}
