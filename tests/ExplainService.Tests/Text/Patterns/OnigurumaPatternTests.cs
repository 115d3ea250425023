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
    [InlineData(@"a\Kb", @"\K")]
    [InlineData(@"x\p{Klingon}y", @"\p{Klingon}")]
    [InlineData(@"(unclosed", "(unclosed")]
    [InlineData(@"x\p{L", @"\p{L")]
    [InlineData(@"[a-z", "[a-z")]
    [InlineData(@"[z-a]", "z-a")]
    [InlineData(@"[a-\d]", @"a-\d")]
    [InlineData("[[:foo:]]", "[:foo:]")]
    [InlineData(@"(a)\1", @"\1")]
    [InlineData("(?s).", "(?s")]
    [InlineData("a)", ")")]
    [InlineData("*a", "*")]
    [InlineData(@"\p{Script=Latin}", @"\p{Script=Latin}")]
    public void Syntax_without_an_equivalent_is_refused_by_the_part_at_fault(string pattern, string fault)
    {
        var refused = Assert.Throws<TokenizerNotSupportedException>(() => Isolated(pattern, "a"));
        Assert.Equal(("pattern", pattern), (refused.Component, refused.Value));
        Assert.Contains($"'{fault}'", refused.Message);
    }

    /// <summary>Answers of tokenizers 0.23.2.</summary>
    [Theory]
    [InlineData(@" ?[^(\s|[.,!?…。，、।۔،])]+", "Hello, world! (a|b) ok…", "Hello|,| world|! (|a|||b|)| ok|…")]
    [InlineData("[a-z&&[^aeiou]]+", "hello world", "h|e|ll|o |w|o|rld")]
    [InlineData("[^a-z&&[aeiou]]+", "hello WORLD", "h|e|ll|o| WORLD")]
    [InlineData("[]a]+", "a]b", "a]|b")]
    [InlineData("[a-]+", "a-b", "a-|b")]
    [InlineData("[[a-c]x]+", "abx-", "abx|-")]
    [InlineData(@"[^\W\d_]+", "ab1_é", "ab|1_|é")]
    [InlineData("[[:^alpha:]]+", "ab12", "ab|12")]
    [InlineData(@"\h+", "fag 12", "fa|g |12")]
    [InlineData(@"\p{^Lu}+", "abC", "ab|C")]
    [InlineData("a{,2}", "aaaab", "aa|aa|b")]
    [InlineData("a{1,2}+b", "aaaab", "aaaab")]
    [InlineData("a{2}?", "aaa", "aa|a")]
    [InlineData("a{x", "a{x", "a{x")]
    [InlineData("^b", "ab\nb", "ab\n|b")]
    [InlineData("a$", "a\na", "a|\n|a")]
    [InlineData(".+", "a\nb", "a|\n|b")]
    [InlineData("(?m:.)+", "a\nb", "a\nb")]
    [InlineData("a(?i)b|c", "aB C aC", "aB| C |aC")]
    [InlineData("(?i)k", "K\u212Ak", "K|\u212A|k")]
    [InlineData("(?<n>a)b", "ab", "ab")]
    [InlineData("(?<=a)b", "ab", "a|b")]
    [InlineData(@"\bа", "ба а", "ба |а")]
    [InlineData(@"\x{41}+", "AA", "AA")]
    [InlineData(@"\R", "a\r\nb", "a|\r\n|b")]
    [InlineData("(?x) a b # c\n", "ab", "ab")]
    [InlineData("[&&a]", "a&", "a&")]
    public void The_syntax_means_what_the_reference_answers(string pattern, string text, string expected) =>
        Assert.Equal(expected, Isolated(pattern, text));

    private static string Isolated(string pattern, string text) =>
        TinyTokenizer.Pieces(
            $$"""{"type": "Split", "pattern": {"Regex": {{JsonSerializer.Serialize(pattern)}}}, "behavior": "Isolated"}""",
            text
        );
}
