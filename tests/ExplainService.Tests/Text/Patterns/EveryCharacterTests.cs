using System.Text;
using ExplainService.Text.Patterns;
using Xunit;

namespace ExplainService.Tests.Text.Patterns;

/// <summary>Classes of patterns over every code point: how many there are and their sum, as Oniguruma answered in tokenizers 0.23.2.</summary>
public sealed class EveryCharacterTests
{
    private static readonly Rune[] Runes = [.. Enumerable.Range(0, 0x110000).Where(Rune.IsValid).Select(value => new Rune(value))];
    private static readonly string Text = string.Concat(Runes);

    [Theory]
    [InlineData(@"\w", 144671, 15621630088)]
    [InlineData(@"\s", 25, 141586)]
    [InlineData(@"\h", 22, 1527)]
    [InlineData("[[:punct:]]", 9369, 649005466)]
    [InlineData("[[:alpha:]]", 142759, 15314421907)]
    [InlineData("[[:print:]]", 292464, 154231836054)]
    [InlineData(@"\p{Han}", 99030, 12573883150)]
    [InlineData(@"[^\s\p{L}\p{N}]", 969100, 605155152141)]
    [InlineData(@"[[:graph:]&&\p{Greek}&&[^\p{Lu}]]", 395, 15173995)]
    [InlineData(@"(?i:[k-sß])", 22, 18644)]
    public void A_class_has_the_characters_that_it_has_in_the_reference(string pattern, int count, long sum)
    {
        List<TextMatch> matches = [];
        OnigurumaRegex.Translate($"(?:{pattern})+").Find(Text, matches);
        Rune[] found =
        [
            .. matches.Where(match => match.IsMatch).SelectMany(match => Text.Substring(match.Start, match.Length).EnumerateRunes()),
        ];
        Assert.Equal((count, sum), (found.Length, found.Sum(rune => (long)rune.Value)));
    }
}
