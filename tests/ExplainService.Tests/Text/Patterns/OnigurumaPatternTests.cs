using System.Text.Json;
using ExplainService.Text;
using Xunit;

namespace ExplainService.Tests.Text.Patterns;

/// <summary>Patterns of tokenizer.json mean what Oniguruma makes of them, or are refused.</summary>
public sealed class OnigurumaPatternTests
{
    [Theory]
    [InlineData(@"\p{Han}+", "ab漢字c", "ab|漢字|c")]
    [InlineData(@"[[:digit:]]+", "a12b", "a|12|b")]
    [InlineData(@"(?i:'s|'t)", "It'S", "It|'S")]
    [InlineData(@"\p{N}{1,3}", "12345", "123|45")]
    [InlineData(@"\w+", "a_b-c", "a_b|-|c")]
    [InlineData(@"[^\r\n\p{L}\p{N}]?\p{L}+", "a b", "a| b")]
    public void Classes_and_options_match_as_in_Oniguruma(string pattern, string text, string expected) =>
        Assert.Equal(expected, Isolated(pattern, text));

    [Fact]
    public void A_possessive_quantifier_gives_nothing_back() => Assert.Equal("aaab", Isolated("a++ab", "aaab"));

    [Fact]
    public void Letters_beyond_the_BMP_are_letters() => Assert.Equal("𝖍𝖎|!", Isolated(@"\p{L}+", "𝖍𝖎!"));

    [Theory]
    [InlineData(@"\h+")]
    [InlineData(@"a\Kb")]
    [InlineData(@"[a-z&&[aeiou]]")]
    [InlineData(@"\p{Klingon}")]
    [InlineData(@"(unclosed")]
    public void Syntax_without_an_equivalent_is_refused_by_name(string pattern)
    {
        var refused = Assert.Throws<TokenizerNotSupportedException>(() => Isolated(pattern, "a"));
        Assert.Equal(("pattern", pattern), (refused.Component, refused.Value));
    }

    private static string Isolated(string pattern, string text) =>
        TinyTokenizer.Pieces(
            $$"""{"type": "Split", "pattern": {"Regex": {{JsonSerializer.Serialize(pattern)}}}, "behavior": "Isolated"}""",
            text
        );
}
