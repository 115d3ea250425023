using ExplainService.Text;
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
        Assert.Equal(expected, TinyTokenizer.Tokens(Load($$"""{"id": 3, "content": "<m>"{{flags}}}"""), "a <m> b"));

    [Theory]
    [InlineData("false", "a<m>", "a[0-1] <m>[1-4]")]
    [InlineData("true", "a<m>", "?[0-4]")]
    [InlineData("true", "a <m>", "a[0-1] <m>[2-5]")]
    [InlineData("true", "<m>.", "<m>[0-3] ?[3-4]")]
    public void A_single_word_is_found_only_where_no_letter_touches_it(string single, string text, string expected) =>
        Assert.Equal(expected, TinyTokenizer.Tokens(Load($$"""{"id": 3, "content": "<m>", "single_word": {{single}}}"""), text));

    [Theory]
    [InlineData("true", "<M>[0-3]")]
    [InlineData("false", "?[0-3]")]
    public void A_normalized_token_is_looked_for_in_the_normalised_text(string normalized, string expected) =>
        Assert.Equal(
            expected,
            TinyTokenizer.Tokens(
                Load($$"""{"id": 3, "content": "<M>", "normalized": {{normalized}}}""", normalizer: """{"type": "Lowercase"}"""),
                "<m>"
            )
        );

    [Fact]
    public void What_is_not_normalized_keeps_its_case_between_normalised_text() =>
        Assert.Equal(
            "a[0-1] <M>[1-4] b[4-5]",
            TinyTokenizer.Tokens(
                Load("""{"id": 3, "content": "<M>", "normalized": false}""", normalizer: """{"type": "Lowercase"}"""),
                "A<M>B"
            )
        );

    [Fact]
    public void Of_two_that_begin_alike_the_longer_is_found() =>
        Assert.Equal(
            "<m>x[0-4] <m>[4-7]",
            TinyTokenizer.Tokens(Load("""{"id": 3, "content": "<m>"}, {"id": 4, "content": "<m>x"}"""), "<m>x<m>")
        );

    [Theory]
    [InlineData("true", "a b")]
    [InlineData("false", "a <m> b")]
    public void A_special_token_is_left_out_of_what_is_decoded(string special, string expected)
    {
        var tokenizer = Load($$"""{"id": 3, "content": "<m>", "special": {{special}}}""");
        Assert.Equal(expected, tokenizer.Decode([0, 3, 1]));
        Assert.Equal("a <m> b", tokenizer.Decode([0, 3, 1], skipSpecial: false));
    }

    [Fact]
    public void An_added_token_counts_for_the_size_of_the_vocabulary()
    {
        var tokenizer = Load("""{"id": 3, "content": "<m>"}""");
        Assert.Equal(
            (4, 3, "<m>", ""),
            (tokenizer.VocabularySize, tokenizer.TokenId("<m>"), tokenizer.TokenText(3), tokenizer.TokenText(5))
        );
    }

    /// <summary>The reference reads no declared id: an entry of the vocabulary keeps its own, the others follow in the list's order.</summary>
    [Fact]
    public void An_id_is_the_vocabularys_or_the_next_that_is_free_whatever_the_file_declares()
    {
        var tokenizer = Load(
            """
            {"id": 50, "content": "<x>", "special": true}, {"id": 7, "content": "a"}, {"id": 9, "content": "<y>"},
            {"id": 60, "content": "<x>"}, {"id": 5, "content": ""}, {"id": 4, "content": "<z>"}
            """
        );
        Assert.Equal([3, 0, 4, 5, 1], tokenizer.Encode("<x>a<y><z>b").Ids);
        Assert.Equal(
            (3, 4, 5, 6),
            (tokenizer.TokenId("<x>"), tokenizer.TokenId("<y>"), tokenizer.TokenId("<z>"), tokenizer.VocabularySize)
        );
    }

    [Fact]
    public void A_vocabulary_with_a_gap_is_counted_by_its_entries_as_the_reference_does() =>
        Assert.Equal(
            [3, 4, 1],
            TinyTokenizer
                .Load(
                    """{"type": "WordLevel", "vocab": {"?": 0, "w": 1, "z": 3}, "unk_token": "?"}""",
                    added: """[{"id": 2, "content": "<a>"}, {"id": 3, "content": "<b>"}]"""
                )
                .Encode("<a><b>w")
                .Ids
        );

    [Fact]
    public void A_negative_id_is_refused() =>
        Assert.Contains("negative", Assert.Throws<TokenizerFormatException>(() => Load("""{"id": -1, "content": "<m>"}""")).Message);

    private static Tokenizer Load(string added, string normalizer = "null") =>
        TinyTokenizer.Load(
            TinyTokenizer.Words("a", "b"),
            normalizer: normalizer,
            splitter: """{"type": "WhitespaceSplit"}""",
            added: $"[{added}]"
        );
}
