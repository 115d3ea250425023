using ExplainService.Text;
using Xunit;

namespace ExplainService.Tests.Text.Families;

/// <summary>Byte-pair encoding, on vocabularies of a few entries.</summary>
public sealed class BytePairTests
{
    [Theory]
    [InlineData("hug", "hug[0-3]")]
    [InlineData("hu", "hu[0-2]")]
    [InlineData("ug", "u[0-1] g[1-2]")]
    [InlineData("hughug", "hug[0-3] hug[3-6]")]
    public void Pairs_that_were_learnt_are_merged(string text, string expected) =>
        Assert.Equal(expected, Tokens("""{"h": 0, "u": 1, "g": 2, "hu": 3, "hug": 4}""", """["h u", "hu g"]""", text));

    [Theory]
    [InlineData("""["a b", "b c"]""", "ab[0-2] c[2-3]")]
    [InlineData("""["b c", "a b"]""", "a[0-1] bc[1-3]")]
    [InlineData("""[["b", "c"], ["a", "b"]]""", "a[0-1] bc[1-3]")]
    public void What_was_learnt_first_is_merged_first(string merges, string expected) =>
        Assert.Equal(expected, Tokens("""{"a": 0, "b": 1, "c": 2, "ab": 3, "bc": 4}""", merges, "abc"));

    [Fact]
    public void Of_equal_pairs_the_leftmost_is_merged_first() =>
        Assert.Equal("aa[0-2] a[2-3]", Tokens("""{"a": 0, "aa": 1}""", """["a a"]""", "aaa"));

    [Theory]
    [InlineData(""", "unk_token": "?", "fuse_unk": false""", "a[0-1] ?[1-2] ?[2-3] a[3-4]")]
    [InlineData(""", "unk_token": "?", "fuse_unk": true""", "a[0-1] ?[1-3] a[3-4]")]
    [InlineData("", "a[0-1] a[3-4]")]
    public void Unknown_characters_are_one_token_each_or_one_together_or_none(string options, string expected) =>
        Assert.Equal(expected, Tokens("""{"a": 0, "?": 1}""", "[]", "axya", options));

    [Fact]
    public void With_byte_fallback_an_unknown_character_becomes_its_bytes() =>
        Assert.Equal(
            "a[0-1] <0xE2>[1-2] <0x82>[1-2] <0xAC>[1-2]",
            Tokens("""{"a": 0, "<0xE2>": 1, "<0x82>": 2, "<0xAC>": 3}""", "[]", "a€", """, "byte_fallback": true""")
        );

    [Theory]
    [InlineData("true", "abc[0-3]")]
    [InlineData("false", "ab[0-2] c[2-3]")]
    public void A_piece_that_is_an_entry_needs_no_merges_where_they_are_ignored(string ignore, string expected) =>
        Assert.Equal(
            expected,
            Tokens("""{"a": 0, "b": 1, "c": 2, "ab": 3, "abc": 4}""", """["a b"]""", "abc", $$""", "ignore_merges": {{ignore}}""")
        );

    [Fact]
    public void What_ends_a_word_carries_the_suffix() =>
        Assert.Equal("h[0-1] i</w>[1-2]", Tokens("""{"h": 0, "i": 1, "i</w>": 2}""", "[]", "hi", """, "end_of_word_suffix": "</w>" """));

    [Fact]
    public void What_continues_a_word_carries_the_prefix() =>
        Assert.Equal(
            "hi[0-2]",
            Tokens("""{"h": 0, "##i": 1, "hi": 2}""", """["h ##i"]""", "hi", """, "continuing_subword_prefix": "##" """)
        );

    [Fact]
    public void A_merge_of_what_is_no_entry_is_a_fault_of_the_file() =>
        Assert.Throws<TokenizerFormatException>(() => Tokens("""{"a": 0, "b": 1}""", """["a b"]""", "ab"));

    [Fact]
    public void Dropout_is_refused() =>
        Assert.Throws<TokenizerNotSupportedException>(() => Tokens("""{"a": 0}""", "[]", "a", """, "dropout": 0.1"""));

    private static string Tokens(string vocabulary, string merges, string text, string options = "") =>
        TinyTokenizer.Tokens(TinyTokenizer.Load($$"""{"type": "BPE", "vocab": {{vocabulary}}, "merges": {{merges}}{{options}}}"""), text);
}
