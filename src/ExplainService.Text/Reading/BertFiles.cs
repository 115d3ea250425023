using ExplainService.Text.Decoders;
using ExplainService.Text.Families;
using ExplainService.Text.Json;
using ExplainService.Text.Normalizers;
using ExplainService.Text.Splitters;
using ExplainService.Text.Templates;

namespace ExplainService.Text.Reading;

/// <summary>Reads vocab.txt, one entry a line: BERT, DistilBERT, ELECTRA, MPNet and their like.</summary>
internal static class BertFiles
{
    public static TokenizerParts Read(string path, TokenizerConfig config)
    {
        var lines = File.ReadAllLines(path);
        var ids = new Dictionary<string, int>(lines.Length, StringComparer.Ordinal);
        for (var id = 0; id < lines.Length; id++)
        {
            // The last of two equal lines counts, as in Transformers' load_vocab.
            ids[lines[id]] = id;
        }

        if (ids.Count == 0)
        {
            throw new TokenizerFormatException("vocab.txt is empty.");
        }

        var settings = config.Settings;
        var family = new WordPiece(new Vocabulary(ids), config.SpecialText("unk_token") ?? "[UNK]", "##", 100);
        var doubled = config.Class is "MPNetTokenizer" or "mpnet";
        var added = doubled
            ? OlderFiles.AddedTokens(config, family, [], "<s>", "</s>", "<pad>", "[UNK]", "<mask>")
            : OlderFiles.AddedTokens(config, family, [], "[UNK]", "[SEP]", "[PAD]", "[CLS]", "[MASK]");
        var cls = OlderFiles.Special(config, family, added, "cls_token", doubled ? "<s>" : "[CLS]");
        var sep = OlderFiles.Special(config, family, added, "sep_token", doubled ? "</s>" : "[SEP]");
        var lowercase = settings.Flag("do_lower_case", true);
        return new TokenizerParts(
            added,
            new BertNormalizer(
                true,
                settings.Flag("tokenize_chinese_chars", true),
                settings.FlagOrNull("strip_accents") ?? lowercase,
                lowercase
            ),
            new BertSplitter(),
            family,
            doubled ? TemplateReader.Roberta(cls, sep, 1) : TemplateReader.Bert(cls, sep),
            DecoderReader.WordPiece("##", true)
        );
    }
}
