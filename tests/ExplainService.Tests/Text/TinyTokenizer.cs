using System.Text.Json;
using ExplainService.Text;
using ExplainService.Text.Tokenization;

namespace ExplainService.Tests.Text;

/// <summary>
/// Tokenizers of a few entries, written as a tokenizer.json and read like any other: a test names the one component that it is about, as
/// the file has it, and sees what becomes of a text.
/// </summary>
internal static class TinyTokenizer
{
    /// <summary>A tokenizer of these components, each the JSON of its field.</summary>
    public static Tokenizer Load(
        string model,
        string normalizer = "null",
        string splitter = "null",
        string template = "null",
        string decoder = "null",
        string added = "[]"
    ) =>
        LoadFile(
            $$"""
            {
              "added_tokens": {{added}}, "normalizer": {{normalizer}}, "pre_tokenizer": {{splitter}}, "model": {{model}},
              "post_processor": {{template}}, "decoder": {{decoder}}
            }
            """
        );

    /// <summary>A tokenizer of a tokenizer.json alone.</summary>
    public static Tokenizer LoadFile(string json)
    {
        var folder = Directory.CreateTempSubdirectory("tokenizer-");
        try
        {
            File.WriteAllText(Path.Combine(folder.FullName, "tokenizer.json"), json);
            return Tokenizer.Load(folder.FullName);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>The model of a vocabulary of whole words, with <c>?</c> for the others; ids in the order given.</summary>
    public static string Words(params string[] words) =>
        JsonSerializer.Serialize(
            new
            {
                type = "WordLevel",
                unk_token = "?",
                vocab = Ids([.. words.Append("?").Distinct()]),
            }
        );

    /// <summary>
    /// What a normaliser makes of a text, with the range of the text that each character stands for: <c>a[0-1]</c>. The vocabulary is of
    /// single characters, so that tokens are the characters of the normalised text.
    /// </summary>
    public static string Aligned(string normalizer, string text) =>
        string.Concat(Characters(text, normalizer, "null", "[]").Select(token => $"{token.Text}[{token.Start}-{token.End}]"));

    /// <summary>What a normaliser makes of a text.</summary>
    public static string Normalized(string normalizer, string text) =>
        string.Concat(Characters(text, normalizer, "null", "[]").Select(token => token.Text));

    /// <summary>The pieces that a splitter cuts a text into, with a bar between them.</summary>
    public static string Pieces(string splitter, string text, string added = "[]") =>
        string.Join(
            '|',
            Characters(text, "null", splitter, added)
                .GroupBy(token => token.Word)
                .Select(word => string.Concat(word.Select(token => token.Text)))
        );

    /// <summary>The text that a decoder makes of tokens.</summary>
    public static string Decoded(string decoder, params string[] tokens)
    {
        var tokenizer = Load(Words([.. tokens.Distinct()]), decoder: decoder);
        return tokenizer.Decode([.. tokens.Select(token => tokenizer.TokenId(token)!.Value)]);
    }

    /// <summary>Tokens with their ranges: <c>un[0-2] ##able[2-6]</c>.</summary>
    public static string Tokens(Tokenizer tokenizer, string text, string? pair = null) =>
        string.Join(' ', tokenizer.Encode(text, pair).Tokens.Select(token => $"{token.Text}[{token.Start}-{token.End}]"));

    private static IReadOnlyList<Token> Characters(string text, string normalizer, string splitter, string added)
    {
        // ASCII, Latin, marks, Greek, jamo, kana, the stand-in of a space, a syllable of jamo, and whatever else the text has.
        var characters = Enumerable
            .Range(1, 0x3FF)
            .Concat(Enumerable.Range(0x1100, 0x100))
            .Concat(Enumerable.Range(0x3040, 0xC0))
            .Concat(['▁', '한'])
            .Concat(text.EnumerateRunes().Select(rune => rune.Value))
            .Distinct()
            .Select(value => new System.Text.Rune(value).ToString());
        var model = JsonSerializer.Serialize(
            new
            {
                type = "BPE",
                vocab = Ids([.. characters]),
                merges = Array.Empty<string>(),
            }
        );
        return Load(model, normalizer, splitter, added: added).Encode(text).Tokens;
    }

    private static Dictionary<string, int> Ids(string[] tokens) =>
        tokens.Select((token, id) => (token, id)).ToDictionary(entry => entry.token, entry => entry.id);
}
