using System.Text.Json;
using ExplainService.Text.Json;
using ExplainService.Text.Patterns;
using ExplainService.Text.Splitters;

namespace ExplainService.Text.Decoders;

/// <summary>Reads the <c>decoder</c> of tokenizer.json: one line a type.</summary>
internal static class DecoderReader
{
    public static IDecoder? Read(JsonElement? json) =>
        json is not { } element
            ? null
            : element.Type() switch
            {
                "Sequence" => new DecoderSequence([.. element.Items("decoders").Select(item => Read(item)!)]),
                "ByteLevel" => new ByteLevelDecoder(),
                "ByteFallback" => new ByteFallbackDecoder(),
                "Fuse" => new FuseDecoder(),
                "WordPiece" => WordPiece(element.TextOrNull("prefix") ?? "##", element.Flag("cleanup", true)),
                "Metaspace" => Metaspace(
                    SplitterReader.ReadReplacement(element),
                    SplitterReader.ReadPrependScheme(element) != PrependScheme.Never
                ),
                "BPEDecoder" => Suffix(element.TextOrNull("suffix") ?? "</w>"),
                "Strip" => Strip(element.Text("content"), element.Int("start"), element.Int("stop")),
                "Replace" => Replace(element),
                var other => throw new TokenizerNotSupportedException("decoder", other),
            };

    /// <summary>Tokens with the prefix continue the word, others begin one after a space.</summary>
    public static IDecoder WordPiece(string prefix, bool cleanUp) =>
        new TokenDecoder(
            (token, index, _) =>
            {
                var text =
                    index == 0 ? token
                    : token.StartsWith(prefix, StringComparison.Ordinal) ? token[prefix.Length..]
                    : " " + token;
                return cleanUp ? CleanUp(text).Replace(" do not", " don't", StringComparison.Ordinal) : text;
            }
        );

    /// <summary>The stand-in of the space back to spaces; none in front of the text if one was put there.</summary>
    public static IDecoder Metaspace(char replacement, bool dropsFirst) =>
        new TokenDecoder(
            (token, index, _) =>
                index == 0 && dropsFirst
                    ? token.Replace(replacement.ToString(), "", StringComparison.Ordinal)
                    : token.Replace(replacement, ' ')
        );

    /// <summary>Removes up to so many occurrences of a text at the start and the end of every token.</summary>
    public static IDecoder Strip(string content, int start, int stop) =>
        new TokenDecoder(
            (token, _, _) =>
            {
                var (from, to) = (0, token.Length);
                for (var i = 0; i < start && token.AsSpan(from, to - from).StartsWith(content, StringComparison.Ordinal); i++)
                {
                    from += content.Length;
                }

                for (var i = 0; i < stop && token.AsSpan(from, to - from).EndsWith(content, StringComparison.Ordinal); i++)
                {
                    to -= content.Length;
                }

                return token[from..to];
            }
        );

    /// <summary>Replaces a text in every token.</summary>
    public static IDecoder Replace(string old, string content) =>
        new TokenDecoder((token, _, _) => old.Length == 0 ? token : token.Replace(old, content, StringComparison.Ordinal));

    /// <summary>Takes out the spaces that English text does not have before punctuation and contractions.</summary>
    public static string CleanUp(string text)
    {
        foreach (var (old, content) in Spacings)
        {
            text = text.Replace(old, content, StringComparison.Ordinal);
        }

        return text;
    }

    private static readonly (string Old, string Content)[] Spacings =
    [
        (" .", "."),
        (" ?", "?"),
        (" !", "!"),
        (" ,", ","),
        (" ' ", "'"),
        (" n't", "n't"),
        (" 'm", "'m"),
        (" 's", "'s"),
        (" 've", "'ve"),
        (" 're", "'re"),
    ];

    private static TokenDecoder Suffix(string suffix) =>
        new((token, index, count) => token.Replace(suffix, index == count - 1 ? "" : " ", StringComparison.Ordinal));

    private static IDecoder Replace(JsonElement element)
    {
        var content = element.Text("content");
        if (element.Required("pattern").TextOrNull("String") is { } literal)
        {
            return Replace(literal, content);
        }

        var regex = OnigurumaRegex.Translate(element.Required("pattern").Text("Regex"));
        return new TokenDecoder((token, _, _) => regex.Replace(token, content));
    }
}
