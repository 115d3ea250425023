using ExplainService.Text.Added;
using ExplainService.Text.Families;

namespace ExplainService.Text.Reading;

/// <summary>Reads the files that came before tokenizer.json, as Transformers' <c>convert_slow_tokenizer</c> turns them into one.</summary>
internal static class OlderFiles
{
    public static readonly string[] SentencePieceNames =
    [
        "spiece.model",
        "spm.model",
        "sentencepiece.bpe.model",
        "tokenizer.model",
        "source.spm",
    ];

    public static TokenizerParts Read(string folder, TokenizerConfig config)
    {
        var model = TokenizerFiles.Find(folder, SentencePieceNames);
        var isTiktoken = model is not null && TiktokenFile.Is(model);
        if (model is not null && !isTiktoken)
        {
            return SentencePieceFiles.Read(SentencePieceModel.Read(model), folder, config);
        }

        if (TokenizerFiles.Find(folder, "vocab.txt") is { } words)
        {
            return BertFiles.Read(words, config);
        }

        return (TokenizerFiles.Find(folder, "vocab.json"), TokenizerFiles.Find(folder, "merges.txt")) switch
        {
            ({ } vocabulary, { } merges) => ByteLevelFiles.Read(vocabulary, merges, config),
            (null, null) when isTiktoken => throw new TokenizerNotSupportedException(
                Path.GetFileName(model!),
                "tiktoken",
                "It lists byte pairs without the pattern that cuts words: put the model's tokenizer.json beside it."
            ),
            ({ }, null) => throw new TokenizerFormatException("The folder has a vocab.json but no merges.txt."),
            (null, { }) => throw new TokenizerFormatException("The folder has a merges.txt but no vocab.json."),
            _ => throw new TokenizerFormatException(
                "The folder holds no tokenizer: neither tokenizer.json nor vocab.txt, vocab.json with merges.txt, or a SentencePiece model."
            ),
        };
    }

    /// <summary>
    /// The added tokens: those the files declare, then the family's usual ones that the vocabulary has and no file mentions.
    /// </summary>
    public static List<AddedToken> AddedTokens(
        TokenizerConfig config,
        TokenFamily family,
        IEnumerable<AddedToken> first,
        params ReadOnlySpan<string> usual
    )
    {
        List<AddedToken> added = [];
        TokenizerJson.AddDeclared(added, config, family);
        foreach (var token in first)
        {
            if (!added.Exists(other => other.Content == token.Content))
            {
                added.Add(token);
            }
        }

        foreach (var text in usual)
        {
            if (family.Vocabulary.IdOf(text) is { } id && !added.Exists(token => token.Content == text))
            {
                added.Add(new AddedToken(id, text, Special: true, Normalized: false, LeftStrip: text == "<mask>"));
            }
        }

        return added;
    }

    /// <summary>The special token that plays a part, by the files' word or else the family's usual one.</summary>
    /// <exception cref="TokenizerFormatException">Neither the vocabulary nor the added tokens have it.</exception>
    public static (int Id, string Text) Special(
        TokenizerConfig config,
        TokenFamily family,
        List<AddedToken> added,
        string name,
        string usual
    )
    {
        var text = config.SpecialText(name) ?? usual;
        return (added.Find(token => token.Content == text)?.Id ?? family.Vocabulary.Require(text, name), text);
    }
}
