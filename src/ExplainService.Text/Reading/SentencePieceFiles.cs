using ExplainService.Text.Added;
using ExplainService.Text.Decoders;
using ExplainService.Text.Families;
using ExplainService.Text.Json;
using ExplainService.Text.Normalizers;
using ExplainService.Text.Patterns;
using ExplainService.Text.Splitters;
using ExplainService.Text.Templates;

namespace ExplainService.Text.Reading;

/// <summary>Reads SentencePiece models: what each family does around the same vocabulary format.</summary>
internal static class SentencePieceFiles
{
    private const char Space = '▁';

    public static TokenizerParts Read(SentencePieceModel model, string folder, TokenizerConfig config) =>
        config.Class switch
        {
            "AlbertTokenizer" or "albert" => Albert(model, config),
            "T5Tokenizer" or "MT5Tokenizer" or "t5" or "mt5" or "umt5" => T5(model, config),
            "XLMRobertaTokenizer" or "xlm-roberta" or "xlm-roberta-xl" => XlmRoberta(model, config),
            "DebertaV2Tokenizer" or "deberta-v2" => Deberta(model, config),
            "LlamaTokenizer" or "llama" or "mistral" => Llama(model, config),
            "MarianTokenizer" or "marian" => Marian(model, folder, config),
            var other => throw new TokenizerNotSupportedException("tokenizer_class of a SentencePiece model", other),
        };

    private static TokenizerParts Albert(SentencePieceModel model, TokenizerConfig config)
    {
        var settings = config.Settings;
        var family = SentencePieceVocabularies.Unigram(
            model,
            model.Pieces.Select(piece => (piece.Text, EndsWithNumberAndComma(piece.Text) ? piece.Score - 100.0 : piece.Score))
        );
        var added = Added(model, config, family, "<pad>", "<unk>", "[CLS]", "[SEP]", "[MASK]");
        List<INormalizer> steps = [Replace("``", "\""), Replace("''", "\"")];
        if (!settings.Flag("keep_accents", false))
        {
            steps.AddRange([new UnicodeForm(System.Text.NormalizationForm.FormKD), CharacterMaps.StripAccents]);
        }

        if (settings.Flag("do_lower_case", true))
        {
            steps.Add(new LowercaseNormalizer());
        }

        return new TokenizerParts(
            added,
            new NormalizerSequence([.. steps, .. CharsMap(model), Squeeze(" ")]),
            new MetaspaceSplitter(Space, PrependScheme.Always, split: true),
            family,
            TemplateReader.Bert(
                OlderFiles.Special(config, family, added, "cls_token", "[CLS]"),
                OlderFiles.Special(config, family, added, "sep_token", "[SEP]")
            ),
            DecoderReader.Metaspace(Space, true)
        );
    }

    private static TokenizerParts T5(SentencePieceModel model, TokenizerConfig config)
    {
        var count = config.Settings.IntOrNull("extra_ids") ?? 100;
        string[] extra = [.. Enumerable.Range(0, count).Select(i => $"<extra_id_{count - 1 - i}>")];
        var family = SentencePieceVocabularies.Unigram(
            model,
            model.Pieces.Select(piece => (piece.Text, (double)piece.Score)).Concat(extra.Select(text => (text, 0.0)))
        );
        var added = Added(model, config, family, ["<pad>", "</s>", "<unk>", .. extra]);
        var scheme = Scheme(config);
        return new TokenizerParts(
            added,
            Usual(model),
            new MetaspaceSplitter(Space, scheme, split: true),
            family,
            TemplateReader.Around(null, OlderFiles.Special(config, family, added, "eos_token", "</s>"), 0),
            DecoderReader.Metaspace(Space, scheme != PrependScheme.Never)
        );
    }

    private static TokenizerParts XlmRoberta(SentencePieceModel model, TokenizerConfig config)
    {
        // fairseq's ids: four special tokens take the place of the model's first three.
        IEnumerable<(string Text, double Score)> entries =
        [
            ("<s>", 0),
            ("<pad>", 0),
            ("</s>", 0),
            ("<unk>", 0),
            .. model.Pieces.Skip(3).Select(piece => (piece.Text, (double)piece.Score)),
            ("<mask>", 0),
        ];
        var family = SentencePieceVocabularies.Unigram(model, entries, unknown: 3);
        var added = Added(model, config, family, "<s>", "<pad>", "</s>", "<unk>", "<mask>");
        return new TokenizerParts(
            added,
            Usual(model),
            new MetaspaceSplitter(Space, PrependScheme.Always, split: true),
            family,
            TemplateReader.Roberta(
                OlderFiles.Special(config, family, added, "cls_token", "<s>"),
                OlderFiles.Special(config, family, added, "sep_token", "</s>"),
                0
            ),
            DecoderReader.Metaspace(Space, true)
        );
    }

    private static TokenizerParts Deberta(SentencePieceModel model, TokenizerConfig config)
    {
        var settings = config.Settings;
        var family = SentencePieceVocabularies.Unigram(model, model.Pieces.Select(piece => (piece.Text, (double)piece.Score)));
        var added = Added(model, config, family, "[PAD]", "[CLS]", "[SEP]", "[UNK]", "[MASK]");
        List<INormalizer> steps = settings.Flag("do_lower_case", false) ? [new LowercaseNormalizer()] : [];
        List<Splitter> splitters = settings.Flag("split_by_punct", false)
            ? [new PatternSplitter(new CharacterPattern(Alignment.Characters.IsPunctuation), SplitBehavior.Isolated)]
            : [];
        return new TokenizerParts(
            added,
            new NormalizerSequence([.. steps, new StripNormalizer(true, true), .. CharsMap(model), Squeeze(" ")]),
            new SplitterSequence([.. splitters, new MetaspaceSplitter(Space, PrependScheme.Always, split: true)]),
            family,
            TemplateReader.Bert(
                OlderFiles.Special(config, family, added, "cls_token", "[CLS]"),
                OlderFiles.Special(config, family, added, "sep_token", "[SEP]")
            ),
            DecoderReader.Metaspace(Space, true)
        );
    }

    private static TokenizerParts Llama(SentencePieceModel model, TokenizerConfig config)
    {
        var settings = config.Settings;
        TokenFamily family = model.IsBytePair
            ? SentencePieceVocabularies.BytePair(model, byteFallback: true)
            : SentencePieceVocabularies.Unigram(model, model.Pieces.Select(piece => (piece.Text, (double)piece.Score)), byteFallback: true);
        var added = Added(model, config, family, "<unk>", "<s>", "</s>");
        var scheme = Scheme(config);
        var legacy = settings.Flag("legacy", true);
        List<INormalizer> steps = scheme == PrependScheme.Never ? [] : [new PrependNormalizer("▁")];
        List<IDecoder> decoders = [DecoderReader.Replace("▁", " "), new ByteFallbackDecoder(), new FuseDecoder()];
        if (scheme != PrependScheme.Never)
        {
            decoders.Add(DecoderReader.Strip(" ", 1, 0));
        }

        (int Id, string Text)? first = settings.Flag("add_bos_token", true)
            ? OlderFiles.Special(config, family, added, "bos_token", "<s>")
            : null;
        (int Id, string Text)? last = settings.Flag("add_eos_token", false)
            ? OlderFiles.Special(config, family, added, "eos_token", "</s>")
            : null;
        return new TokenizerParts(
            added,
            legacy ? new NormalizerSequence([.. steps, Replace(" ", "▁")]) : null,
            legacy ? null : new MetaspaceSplitter(Space, scheme, split: false),
            family,
            TemplateReader.Around(first, last, 1),
            new DecoderSequence(decoders)
        );
    }

    private static TokenizerParts Marian(SentencePieceModel model, string folder, TokenizerConfig config)
    {
        var family = SentencePieceVocabularies.Shared(model, ByteLevelFiles.ReadIds(Path.Combine(folder, "vocab.json")));
        var added = OlderFiles.AddedTokens(config, family, [], "</s>", "<unk>", "<pad>");
        return new TokenizerParts(
            added,
            Usual(model),
            new MetaspaceSplitter(Space, PrependScheme.Always, split: true),
            family,
            TemplateReader.Around(null, OlderFiles.Special(config, family, added, "eos_token", "</s>"), 0),
            DecoderReader.Metaspace(Space, true)
        )
        {
            HasLanguageCodes = true,
        };
    }

    /// <summary>A key that is there but null means no, one that is not there means yes.</summary>
    private static PrependScheme Scheme(TokenizerConfig config)
    {
        var settings = config.Settings;
        var written = settings.ValueKind == System.Text.Json.JsonValueKind.Object && settings.TryGetProperty("add_prefix_space", out _);
        return !settings.Flag("add_prefix_space", !written) ? PrependScheme.Never
            : settings.Flag("legacy", true) ? PrependScheme.Always
            : PrependScheme.First;
    }

    private static List<AddedToken> Added(
        SentencePieceModel model,
        TokenizerConfig config,
        TokenFamily family,
        params ReadOnlySpan<string> usual
    )
    {
        const int control = 3;
        const int userDefined = 4;
        var own = model
            .Pieces.Where(piece => piece.Kind is control or userDefined)
            .Select(piece => new AddedToken(
                family.Vocabulary.Require(piece.Text, "piece"),
                piece.Text,
                piece.Kind == control,
                Normalized: false
            ));
        return OlderFiles.AddedTokens(config, family, own, usual);
    }

    private static NormalizerSequence Usual(SentencePieceModel model) =>
        new([.. CharsMap(model), new StripNormalizer(false, true), Squeeze("▁")]);

    private static CharsMapNormalizer[] CharsMap(SentencePieceModel model) =>
        model.CharsMap.Length == 0 ? [] : [new CharsMapNormalizer(model.CharsMap)];

    private static ReplaceNormalizer Replace(string old, string content) => new(new LiteralPattern(old), content);

    private static ReplaceNormalizer Squeeze(string content) => new(OnigurumaRegex.Translate(" {2,}"), content);

    private static bool EndsWithNumberAndComma(string piece) => piece.Length >= 2 && piece[^1] == ',' && char.IsDigit(piece[^2]);
}
