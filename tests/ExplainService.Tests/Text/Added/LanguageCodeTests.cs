using ExplainService.Text.Added;
using Xunit;

namespace ExplainService.Tests.Text.Added;

/// <summary>Marian's code of the target language is read at the very start of a text.</summary>
public sealed class LanguageCodeTests
{
    [Theory]
    [InlineData(">>fra<< a", 7)]
    [InlineData(">>fra<<", 7)]
    [InlineData(">>cmn_Hans<<a", 12)]
    [InlineData(" >>fra<< a", 0)]
    [InlineData("a >>fra<<", 0)]
    [InlineData(">><<", 0)]
    [InlineData(">>fra", 0)]
    [InlineData(">>fra\n<<", 0)]
    public void A_text_begins_with_a_code_of_this_length(string text, int length) => Assert.Equal(length, LanguageCode.Length(text));
}
