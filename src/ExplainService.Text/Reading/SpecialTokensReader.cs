using System.Text.Json;
using ExplainService.Text.Added;
using ExplainService.Text.Json;

namespace ExplainService.Text.Reading;

/// <summary>Finds out which tokens play which part.</summary>
internal static class SpecialTokensReader
{
    /// <summary>A length above this means "no limit": Transformers writes 10³⁰.</summary>
    private const double Sane = 1e6;

    /// <summary>What the roles are called when no file says it; only special added tokens count.</summary>
    private static readonly Dictionary<string, string[]> Conventions = new()
    {
        ["pad_token"] = ["[PAD]", "<pad>", "<|pad|>"],
        ["mask_token"] = ["[MASK]", "<mask>"],
        ["unk_token"] = ["[UNK]", "<unk>"],
        ["cls_token"] = ["[CLS]"],
        ["sep_token"] = ["[SEP]"],
        ["bos_token"] = ["<s>", "<|begin_of_text|>", "<|startoftext|>", "<|endoftext|>"],
        ["eos_token"] = ["</s>", "<|end_of_text|>", "<|endoftext|>", "<eos>"],
    };

    public static SpecialTokens Read(TokenizerConfig config, IReadOnlyList<AddedToken> added, Func<string, int?> idOf, string? padding)
    {
        var silent = !config.SpecialTexts().Any();
        var (pad, mask, unknown) = (Find("pad_token") ?? padding, Find("mask_token"), Find("unk_token"));
        var (cls, sep, bos, eos) = (Find("cls_token"), Find("sep_token"), Find("bos_token"), Find("eos_token"));
        return new SpecialTokens(Id(pad), Id(mask), Id(unknown), Id(cls), Id(sep), Id(bos), Id(eos))
        {
            MaskText = Id(mask) is null ? null : mask,
        };

        int? Id(string? text) => text is null ? null : idOf(text);

        string? Find(string name) =>
            config.SpecialText(name)
            ?? (silent ? Conventions[name].FirstOrDefault(text => added.Any(token => token.Special && token.Content == text)) : null);
    }

    public static int? ReadMaxLength(TokenizerConfig config) =>
        config.Settings.Optional("model_max_length") is { ValueKind: JsonValueKind.Number } length
        && length.GetDouble() is >= 1 and < Sane and var value
            ? (int)value
            : null;
}
