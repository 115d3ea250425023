using ExplainService.Goldens;
using ExplainService.Text;
using ExplainService.Text.Tokenization;
using Xunit;

namespace ExplainService.Tests.Text.Alignment;

/// <summary>Ranges are in the caller's text, whatever was done to it before it was looked up.</summary>
public sealed class OffsetTests
{
    [Theory]
    [InlineData("Café", "cafe[0-4]")]
    [InlineData("Cafe\u0301", "cafe[0-4]")]
    [InlineData("x\u200Bcafé", "?[0-6]")]
    [InlineData("中cafe", "?[0-1] cafe[1-5]")]
    public void A_normalised_word_stands_for_what_the_caller_wrote(string text, string expected)
    {
        var tokenizer = TinyTokenizer.Load(
            TinyTokenizer.Words("cafe"),
            normalizer: """{"type": "BertNormalizer", "lowercase": true}""",
            splitter: """{"type": "BertPreTokenizer"}"""
        );
        Assert.Equal(expected, TinyTokenizer.Tokens(tokenizer, text));
    }

    [Fact]
    public void Bytes_of_a_character_have_its_range_and_surrogate_pairs_are_not_torn()
    {
        var tokenizer = Tokenizer.Load(ReferenceData.PathOf("tokenizers", "gpt2"));
        var encoding = tokenizer.Encode("a😀b");
        Assert.Equal((0, 1), (encoding.Tokens[0].Start, encoding.Tokens[0].End));
        Assert.All(encoding.Tokens.Skip(1).SkipLast(1), token => Assert.Equal((1, 3), (token.Start, token.End)));
        Assert.Equal((3, 4), (encoding.Tokens[^1].Start, encoding.Tokens[^1].End));
    }

    [Fact]
    public void A_lone_surrogate_is_read_as_the_replacement_character_in_its_place()
    {
        var tokenizer = TinyTokenizer.Load(TinyTokenizer.Words("a", "\uFFFD"), splitter: """{"type": "WhitespaceSplit"}""");
        Assert.Equal("a[0-1] \uFFFD[2-3] a[4-5]", TinyTokenizer.Tokens(tokenizer, "a \uD83D a"));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(2, 1)]
    [InlineData(3, 2)]
    [InlineData(4, 3)]
    public void A_code_unit_is_at_the_code_point_that_holds_it(int codeUnit, int codePoint) =>
        Assert.Equal(codePoint, new OffsetUnits("a😀b").ToCodePoint(codeUnit));

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(2, 3)]
    [InlineData(3, 4)]
    public void A_code_point_begins_at_its_first_code_unit(int codePoint, int codeUnit) =>
        Assert.Equal(codeUnit, new OffsetUnits("a😀b").ToUtf16(codePoint));

    [Fact]
    public void Lengths_are_told_in_both_units()
    {
        var offsets = new OffsetUnits("a😀b");
        Assert.Equal((4, 3), (offsets.CodeUnits, offsets.CodePoints));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(5)]
    public void A_place_outside_the_text_is_refused(int codeUnit) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new OffsetUnits("a😀b").ToCodePoint(codeUnit));
}
