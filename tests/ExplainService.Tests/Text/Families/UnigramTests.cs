using ExplainService.Text;
using Xunit;

namespace ExplainService.Tests.Text.Families;

/// <summary>The unigram language model, on vocabularies of a few entries.</summary>
public sealed class UnigramTests
{
    [Theory]
    [InlineData(-3, "ab[0-2]")]
    [InlineData(-5, "a[0-1] b[1-2]")]
    public void The_cut_of_the_largest_sum_of_scores_wins(int score, string expected) =>
        Assert.Equal(expected, Tokens($$"""[["?", 0], ["a", -2], ["b", -2], ["ab", {{score}}]]""", "ab"));

    [Fact]
    public void The_best_cut_need_not_begin_with_the_longest_entry() =>
        Assert.Equal("a[0-1] bcd[1-4]", Tokens("""[["?", 0], ["a", -1], ["abc", -1], ["bcd", -1], ["d", -9]]""", "abcd"));

    [Fact]
    public void Unknown_characters_in_a_row_are_one_token() =>
        Assert.Equal("a[0-1] ?[1-3] a[3-4]", Tokens("""[["?", 0], ["a", -1]]""", "axya"));

    [Fact]
    public void With_byte_fallback_an_unknown_character_becomes_its_bytes() =>
        Assert.Equal(
            "a[0-1] <0xC3>[1-2] <0xA9>[1-2]",
            Tokens("""[["?", 0], ["a", -1], ["<0xC3>", -9], ["<0xA9>", -9]]""", "aé", """, "byte_fallback": true""")
        );

    [Fact]
    public void With_byte_fallback_a_character_of_which_a_byte_is_missing_is_unknown() =>
        Assert.Equal("a[0-1] ?[1-2]", Tokens("""[["?", 0], ["a", -1], ["<0xC3>", -9]]""", "aé", """, "byte_fallback": true"""));

    /// <summary>T5's own scores: sums that are the same on paper differ in their last bits, and the reference's bits decide.</summary>
    [Theory]
    [InlineData("▁ggggg", "▁ gg gg g")]
    [InlineData("▁ggggggg", "▁ gg gg g gg")]
    [InlineData("▁ggggggggg", "▁ gg gg g gg gg")]
    public void Ties_fall_as_in_the_reference(string text, string expected)
    {
        var found = Tokens("""[["?", 0], ["▁", -2.012292861938477], ["gg", -10.809488296508787], ["g", -7.407997131347656]]""", text);
        Assert.Equal(expected, string.Join(' ', found.Split(' ').Select(token => token[..token.IndexOf('[', StringComparison.Ordinal)])));
    }

    [Fact]
    public void An_entry_without_a_score_is_a_fault_of_the_file() =>
        Assert.Throws<TokenizerFormatException>(() => Tokens("""[["?", 0], ["a"]]""", "a"));

    private static string Tokens(string vocabulary, string text, string options = "") =>
        TinyTokenizer.Tokens(TinyTokenizer.Load($$"""{"type": "Unigram", "unk_id": 0, "vocab": {{vocabulary}}{{options}}}"""), text);
}
