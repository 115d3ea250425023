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
    /// <summary>Classes of Transformers that cut words as BERT's does.</summary>
    private static readonly HashSet<string> Classes =
    [
        "BertTokenizer",
        "ConvBertTokenizer",
        "DistilBertTokenizer",
        "DPRContextEncoderTokenizer",
        "DPRQuestionEncoderTokenizer",
        "DPRReaderTokenizer",
        "ElectraTokenizer",
        "LayoutLMTokenizer",
        "LayoutLMv2Tokenizer",
        "LxmertTokenizer",
        "MobileBertTokenizer",
        "MPNetTokenizer",
        "RealmTokenizer",
        "RetriBertTokenizer",
        "SqueezeBertTokenizer",
    ];

    /// <summary>Models whose tokenizer is one of those where no file names its class; the empty one is a folder without config.json.</summary>
    private static readonly HashSet<string> Types =
    [
        "",
        "bert",
        "chinese_clip",
        "convbert",
        "distilbert",
        "dpr",
        "electra",
        "ernie",
        "layoutlm",
        "layoutlmv2",
        "lxmert",
        "megatron-bert",
        "mobilebert",
        "mpnet",
        "nezha",
        "nomic_bert",
        "qdqbert",
        "realm",
        "retribert",
        "squeezebert",
        "visual_bert",
    ];

    /// <summary>Settings of tokenizers that find words by other means than BERT's, whatever their class is called.</summary>
    private static readonly string[] Foreign =
    [
        "word_tokenizer_type",
        "subword_tokenizer_type",
        "mecab_kwargs",
        "sudachi_kwargs",
        "jumanpp_kwargs",
    ];

    /// <exception cref="TokenizerNotSupportedException">The files say that vocab.txt is not BERT's.</exception>
    public static TokenizerParts Read(string path, TokenizerConfig config)
    {
        Check(config);
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

    /// <summary>A list of words is what many tokenizers have; read as BERT's, those of others give wrong tokens without a sign of it.</summary>
    private static void Check(TokenizerConfig config)
    {
        if (config.DeclaredClass is { } name && !Classes.Contains(name))
        {
            throw new TokenizerNotSupportedException("tokenizer_class of vocab.txt", name);
        }

        if (config.DeclaredClass is null && !Types.Contains(config.ModelType))
        {
            throw new TokenizerNotSupportedException("model_type of vocab.txt", config.ModelType);
        }

        if (Array.Find(Foreign, setting => config.Settings.Optional(setting) is not null) is { } foreign)
        {
            throw new TokenizerNotSupportedException("setting", foreign);
        }

        if (!config.Settings.Flag("do_basic_tokenize", true))
        {
            throw new TokenizerNotSupportedException("do_basic_tokenize", "false");
        }
    }
}
