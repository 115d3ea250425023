using System.Text.Json;
using ExplainService.Text;
using ExplainService.Text.Tokenization;
using Xunit;

namespace ExplainService.Tests.Text.Patterns;

/// <summary>Patterns with too many ways to match are run by an engine that tries one, or end soon and by name.</summary>
public sealed class EndlessPatternTests
{
    private static readonly string Hopeless = new string('a', 60) + "!";

    [Theory]
    [InlineData("(a+)+$")]
    [InlineData("(a|aa)+$")]
    [InlineData("(a|a)*$")]
    [InlineData("([a-z]+)*b")]
    [InlineData("a*a*a*a*a*a*b")]
    public void What_an_engine_without_backtracking_can_run_is_run_by_it(string pattern) =>
        Assert.Equal(Hopeless, string.Concat(Load(pattern).Encode(Hopeless).Tokens.Select(token => Hopeless[token.Start..token.End])));

    [Theory]
    [Slow]
    [InlineData("(?:a|aa)+(?!b)$", "for ever")]
    [InlineData("(?:ab?|b?a)+(?=c)", "for ever")]
    [InlineData("(x{1000}){1000}", "too long")]
    [InlineData("((a{100}){100}){100}", "too long")]
    public void What_is_hopeless_is_refused_when_it_is_read(string pattern, string reason)
    {
        var refused = Assert.Throws<TokenizerNotSupportedException>(() => Load(pattern));
        Assert.Contains(pattern, refused.Message);
        Assert.Contains(reason, refused.Message);
    }

    [Fact]
    [Slow]
    public void What_shows_only_in_a_text_ends_by_name()
    {
        // Three different letters in turn: more than what is tried when the pattern is read.
        const string pattern = "(?:abc|abcabc)+(?!c)d";
        var slow = Assert.Throws<TokenizerPatternException>(() => Load(pattern).Encode(string.Concat(Enumerable.Repeat("abc", 100))));
        Assert.Equal(pattern, slow.Pattern);
    }

    private static Tokenizer Load(string pattern) =>
        TinyTokenizer.Load(
            TinyTokenizer.Words("a"),
            splitter: $$"""{"type": "Split", "pattern": {"Regex": {{JsonSerializer.Serialize(pattern)}}}, "behavior": "Isolated"}"""
        );
}
