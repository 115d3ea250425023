using ExplainService.Text.Tokenization;
using Xunit;

namespace ExplainService.Tests.Text.Added;

/// <summary>Tokens that are found in a text before anything else is done to it, one flag at a time.</summary>
public sealed class AddedTokenTests
{
    [Theory]
    [InlineData("", "a[0-1] <m>[2-5] b[6-7]")]
    [InlineData(""", "lstrip": true""", "a[0-1] <m>[1-5] b[6-7]")]
    [InlineData(""", "rstrip": true""", "a[0-1] <m>[2-6] b[6-7]")]
    [InlineData(""", "lstrip": true, "rstrip": true""", "a[0-1] <m>[1-6] b[6-7]")]
    public void A_token_takes_the_white_space_beside_it_where_it_strips(string flags, string expected) =>
        Assert.Equal(expected, TinyTokenizer.Tokens(Load($$"""{"id": 9, "content": "<m>"{{flags}}}"""), "a <m> b"));

    [Theory]
    [InlineData("false", "a<m>", "a[0-1] <m>[1-4]")]
    [InlineData("true", "a<m>", "?[0-4]")]
    [InlineData("true", "a <m>", "a[0-1] <m>[2-5]")]
    [InlineData("true", "<m>.", "<m>[0-3] ?[3-4]")]
    public void A_single_word_is_found_only_where_no_letter_touches_it(string single, string text, string expected) =>
        Assert.Equal(expected, TinyTokenizer.Tokens(Load($$"""{"id": 9, "content": "<m>", "single_word": {{single}}}"""), text));

    [Theory]
    [InlineData("true", "<M>[0-3]")]
    [InlineData("false", "?[0-3]")]
    public void A_normalized_token_is_looked_for_in_the_normalised_text(string normalized, string expected) =>
        Assert.Equal(
            expected,
            TinyTokenizer.Tokens(
                Load($$"""{"id": 9, "content": "<M>", "normalized": {{normalized}}}""", normalizer: """{"type": "Lowercase"}"""),
                "<m>"
            )
        );

    [Fact]
    public void What_is_not_normalized_keeps_its_case_between_normalised_text() =>
        Assert.Equal(
            "a[0-1] <M>[1-4] b[4-5]",
            TinyTokenizer.Tokens(
                Load("""{"id": 9, "content": "<M>", "normalized": false}""", normalizer: """{"type": "Lowercase"}"""),
                "A<M>B"
            )
        );

    [Fact]
    public void Of_two_that_begin_alike_the_longer_is_found() =>
        Assert.Equal(
            "<m>x[0-4] <m>[4-7]",
            TinyTokenizer.Tokens(Load("""{"id": 9, "content": "<m>"}, {"id": 10, "content": "<m>x"}"""), "<m>x<m>")
        );

    [Theory]
    [InlineData("true", "a b")]
    [InlineData("false", "a <m> b")]
    public void A_special_token_is_left_out_of_what_is_decoded(string special, string expected)
    {
        var tokenizer = Load($$"""{"id": 9, "content": "<m>", "special": {{special}}}""");
        Assert.Equal(expected, tokenizer.Decode([0, 9, 1]));
        Assert.Equal("a <m> b", tokenizer.Decode([0, 9, 1], skipSpecial: false));
    }

    [Fact]
    public void An_added_token_counts_for_the_size_of_the_vocabulary()
    {
        var tokenizer = Load("""{"id": 9, "content": "<m>"}""");
        Assert.Equal(
            (10, 9, "<m>", ""),
            (tokenizer.VocabularySize, tokenizer.TokenId("<m>"), tokenizer.TokenText(9), tokenizer.TokenText(5))
        );
    }

    private static Tokenizer Load(string added, string normalizer = "null") =>
        TinyTokenizer.Load(
            TinyTokenizer.Words("a", "b"),
            normalizer: normalizer,
            splitter: """{"type": "WhitespaceSplit"}""",
            added: $"[{added}]"
        );
}
