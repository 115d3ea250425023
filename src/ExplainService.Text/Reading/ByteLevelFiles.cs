using ExplainService.Text.Added;
using ExplainService.Text.Decoders;
using ExplainService.Text.Families;
using ExplainService.Text.Json;
using ExplainService.Text.Normalizers;
using ExplainService.Text.Patterns;
using ExplainService.Text.Splitters;
using ExplainService.Text.Templates;

namespace ExplainService.Text.Reading;

/// <summary>Reads vocab.json and merges.txt: GPT-2, RoBERTa, BART, Qwen2 and their like.</summary>
internal static class ByteLevelFiles
{
    private const string Qwen =
        @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    public static TokenizerParts Read(string vocabularyPath, string mergesPath, TokenizerConfig config)
    {
        var family = new BytePairEncoding(new Vocabulary(ReadIds(vocabularyPath)), ReadMerges(mergesPath), new BytePairOptions(null));
        var settings = config.Settings;
        var prefixSpace = settings.Flag("add_prefix_space", false);
        switch (config.Class)
        {
            case "GPT2Tokenizer" or "gpt2" or "gptj" or "gpt_neo" or "opt":
                var plain = OlderFiles.AddedTokens(config, family, [], "<|endoftext|>");
                return Parts(
                    plain,
                    settings.Flag("add_bos_token", false)
                        ? BeforeText(OlderFiles.Special(config, family, plain, "bos_token", "<|endoftext|>"))
                        : Template.Plain
                );
            case "RobertaTokenizer"
            or "BartTokenizer"
            or "LongformerTokenizer"
            or "LEDTokenizer"
            or "roberta"
            or "bart"
            or "longformer"
            or "led":
                var wrapped = OlderFiles.AddedTokens(config, family, [], "<s>", "<pad>", "</s>", "<unk>", "<mask>");
                return Parts(
                    wrapped,
                    TemplateReader.Roberta(Cls(wrapped, "<s>"), Sep(wrapped, "</s>"), 0) with
                    {
                        TrimsOffsets = settings.Flag("trim_offsets", true),
                        AddsPrefixSpace = prefixSpace,
                    }
                );
            case "DebertaTokenizer" or "deberta":
                var deberta = OlderFiles.AddedTokens(config, family, [], "[CLS]", "[PAD]", "[SEP]", "[UNK]", "[MASK]");
                return Parts(deberta, TemplateReader.Bert(Cls(deberta, "[CLS]"), Sep(deberta, "[SEP]")));
            case "Qwen2Tokenizer" or "qwen2" or "qwen3":
                var splitter = new SplitterSequence([
                    new PatternSplitter(OnigurumaRegex.Translate(Qwen), SplitBehavior.Isolated),
                    new ByteLevelSplitter(prefixSpace, useRegex: false),
                ]);
                return Parts(OlderFiles.AddedTokens(config, family, [], "<|endoftext|>"), Template.Plain) with
                {
                    Normalizer = new UnicodeForm(System.Text.NormalizationForm.FormC),
                    Splitter = splitter,
                };
            case var other:
                throw new TokenizerNotSupportedException("tokenizer_class of vocab.json with merges.txt", other);
        }

        TokenizerParts Parts(List<AddedToken> added, Template template) =>
            new(added, null, new ByteLevelSplitter(prefixSpace, useRegex: true), family, template, new ByteLevelDecoder());

        (int Id, string Text) Cls(List<AddedToken> added, string usual) => OlderFiles.Special(config, family, added, "cls_token", usual);

        (int Id, string Text) Sep(List<AddedToken> added, string usual) => OlderFiles.Special(config, family, added, "sep_token", usual);
    }

    /// <summary>A JSON object of tokens with ids.</summary>
    public static Dictionary<string, int> ReadIds(string path)
    {
        var json = TokenizerFiles.ReadJson(path);
        if (json.ValueKind != System.Text.Json.JsonValueKind.Object)
        {
            throw new TokenizerFormatException($"{Path.GetFileName(path)} is not an object.");
        }

        var ids = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var entry in json.EnumerateObject())
        {
            ids[entry.Name] = entry.Value.AsInt(entry.Name);
        }

        return ids.Count > 0 ? ids : throw new TokenizerFormatException($"{Path.GetFileName(path)} is empty.");
    }

    /// <summary>GPT-2 with a first token puts it before the text only, not before the pair.</summary>
    private static Template BeforeText((int Id, string Text) bos)
    {
        var first = new TemplatePart(-1, 0, bos.Id, bos.Text);
        return new Template([first, new TemplatePart(0, 0)], [first, new TemplatePart(0, 0), new TemplatePart(1, 1)]);
    }

    private static List<(string Left, string Right)> ReadMerges(string path)
    {
        List<(string Left, string Right)> merges = [];
        foreach (var line in File.ReadLines(path))
        {
            if (line.Length == 0 || line.StartsWith("#version", StringComparison.Ordinal))
            {
                continue;
            }

            merges.Add(
                line.Split(' ') is [var left, var right]
                    ? (left, right)
                    : throw new TokenizerFormatException($"{Path.GetFileName(path)} has a line that is not a pair: '{line}'.")
            );
        }

        return merges;
    }
}
