using Xunit;

namespace ExplainService.Tests.Text.Splitters;

/// <summary><c>Split</c>, by what becomes of the matches; the expected values are those of Hugging Face's documentation.</summary>
public sealed class SplitTests
{
    [Theory]
    [InlineData("Removed", "the|final|countdown")]
    [InlineData("Isolated", "the|-|final|-|-|countdown")]
    [InlineData("MergedWithPrevious", "the-|final-|-|countdown")]
    [InlineData("MergedWithNext", "the|-final|-|-countdown")]
    [InlineData("Contiguous", "the|-|final|--|countdown")]
    public void Matches_become_what_the_behaviour_says(string behaviour, string expected) =>
        Assert.Equal(
            expected,
            TinyTokenizer.Pieces(
                $$"""{"type": "Split", "pattern": {"String": "-"}, "behavior": "{{behaviour}}", "invert": false}""",
                "the-final--countdown"
            )
        );

    [Fact]
    public void Inverted_the_matches_are_what_stays() =>
        Assert.Equal(
            "12|3",
            TinyTokenizer.Pieces("""{"type": "Split", "pattern": {"Regex": "\\d+"}, "behavior": "Removed", "invert": true}""", "a12b3")
        );
}
