using System.Text.Json;
using ExplainService.Goldens;
using Microsoft.ML.Tokenizers;
using Xunit;
using Tokenizer = ExplainService.Text.Tokenization.Tokenizer;

namespace ExplainService.Tests.Text.Families;

/// <summary>
/// Why byte-pair encoding and unigram are ours: what Microsoft.ML.Tokenizers answers to real inputs, and what Hugging Face answers.
/// A red test here means that the package was mended: docs/decisions/tokenizer-cores.md says what then moves.
/// </summary>
public class PackageCoreTests
{
    /// <summary>
    /// Two ways to cut have the same score, and the first one found wins; the package adds 32-bit numbers, whose rounding makes the
    /// other way better.
    /// </summary>
    [Fact]
    public void Unigram_of_the_package_rounds_the_scores_of_a_number()
    {
        using var file = File.OpenRead(ReferenceData.PathOf("tokenizers", "xlm-roberta", "sentencepiece.bpe.model"));
        var package = SentencePieceTokenizer.Create(file, addBeginningOfSentence: false);

        string[] reference = ["▁1", ",", "0", "00", ",", "0", "00"];
        Assert.Equal(reference, Ours("xlm-roberta", "1,000,000"));
        Assert.Equal(["▁1", ",", "00", "0", ",", "0", "00"], Tokens(package, "▁1,000,000"));
    }

    /// <summary>T5 has no token for the beginning of a text: its file says so with the id −1.</summary>
    [Fact]
    public void Unigram_of_the_package_cannot_open_the_model_of_T5()
    {
        using var file = File.OpenRead(ReferenceData.PathOf("tokenizers", "t5", "spiece.model"));
        Assert.Throws<IndexOutOfRangeException>(() => SentencePieceTokenizer.Create(file));
    }

    /// <summary>Of equal pairs the leftmost is merged first; the package takes the rightmost.</summary>
    [Fact]
    public void Byte_pairs_of_the_packages_SentencePiece_are_merged_from_the_right()
    {
        using var file = File.OpenRead(ReferenceData.PathOf("tokenizers", "llama", "tokenizer.model"));
        var package = SentencePieceTokenizer.Create(file, addBeginningOfSentence: false);

        string[] reference = ["▁l", "oo", "o", "ong"];
        Assert.Equal(reference, Ours("llama", " loooong"));
        Assert.Equal(["▁lo", "oo", "ong"], Tokens(package, "▁loooong"));
    }

    /// <summary>A character without an entry is the tokens of its bytes; the package's byte-pair encoding knows no such thing.</summary>
    [Fact]
    public void Byte_pairs_of_the_package_have_no_bytes_for_unknown_characters()
    {
        using var document = ReferenceData.Json("tokenizers", "llama", "tokenizer.json");
        var model = document.RootElement.GetProperty("model");
        var package = BpeTokenizer.Create(
            new BpeOptions(model.GetProperty("vocab").Deserialize<Dictionary<string, int>>()!)
            {
                Merges = [.. model.GetProperty("merges").EnumerateArray().Select(Merge)],
                UnknownToken = "<unk>",
                FuseUnknownTokens = true,
            }
        );

        string[] reference = ["▁t", "ab", "s", "<0x09>", "and"];
        Assert.Equal(reference, Ours("llama", " tabs\tand"));
        Assert.Equal(["▁t", "ab", "s", "<unk>", "and"], Tokens(package, "▁tabs\tand"));
    }

    private static string Merge(JsonElement merge) =>
        merge.ValueKind == JsonValueKind.String ? merge.GetString()! : $"{merge[0].GetString()} {merge[1].GetString()}";

    private static string[] Ours(string family, string text) =>
        [
            .. Tokenizer
                .Load(ReferenceData.PathOf("tokenizers", family))
                .Encode(text, addSpecialTokens: false)
                .Tokens.Select(token => token.Text),
        ];

    private static string[] Tokens(Microsoft.ML.Tokenizers.Tokenizer package, string piece) =>
        [
            .. package
                .EncodeToTokens(piece, out _, considerPreTokenization: false, considerNormalization: false)
                .Select(token => token.Value),
        ];
}
