using ExplainService.Rendering.Typography;
using Xunit;

namespace ExplainService.Tests.Rendering.Typography;

/// <summary>
/// Order by UAX #9. Cases are written as its own examples are: capitals stand for letters that read from right to left, and what comes out
/// is the line as it is seen, from left to right.
/// </summary>
public sealed class BidiTests
{
    [Theory]
    [InlineData("car means CAR.", false, "car means RAC.")]
    [InlineData("CAR MEANS car.", true, ".car SNAEM RAC")]
    [InlineData("one HEB REW two", false, "one WER BEH two")]
    [InlineData("HEBREW one two", true, "one two WERBEH")]
    [InlineData("ABC 12 DEF", false, "FED 12 CBA")]
    [InlineData("ABC 12", true, "12 CBA")]
    [InlineData("12 ABC", true, "CBA 12")]
    [InlineData("abc 12 DEF", false, "abc 12 FED")]
    [InlineData("ABC 3.14 DEF", true, "FED 3.14 CBA")]
    [InlineData("ABC 10% DEF", true, "FED 10% CBA")]
    [InlineData("ABC $10 DEF", true, "FED $10 CBA")]
    [InlineData("ABC -5 DEF", true, "FED 5- CBA")]
    [InlineData("A12", false, "12A")]
    [InlineData("ABC (def) GHI", true, "IHG (def) CBA")]
    [InlineData("ABC (DEF)", true, "(FED) CBA")]
    [InlineData("abc (DEF)", false, "abc (FED)")]
    [InlineData("abc [ABC def] x", false, "abc [CBA def] x")]
    [InlineData("ABC a(b)c", true, "a(b)c CBA")]
    [InlineData("ABC!  ", true, "  !CBA")]
    [InlineData("", true, "")]
    [InlineData("https://a.b/c ABC", true, "CBA https://a.b/c")]
    public void A_line_is_seen_as_the_standard_says(string written, bool rightToLeft, string seen)
    {
        var text = string.Concat(written.Select(letter => char.IsAsciiLetterUpper(letter) ? (char)('\u05D0' + letter - 'A') : letter));

        Assert.Equal(
            seen,
            Seen(text, rightToLeft, letter => letter >= '\u05D0' && letter <= '\u05EA' ? (char)(letter - '\u05D0' + 'A') : letter)
        );
    }

    [Theory]
    [InlineData("\u0645 1-2", "\u0645 1-2", "after Arabic letters digits are Arabic, which a hyphen does not join")]
    [InlineData("\u0661,\u0662", "\u0661,\u0662", "a comma joins two Arabic digits")]
    public void Digits_among_Arabic_letters_have_rules_of_their_own(string text, string kept, string why)
    {
        var levels = Bidi.Levels(text, rightToLeft: true);

        Assert.Equal(text, kept);
        Assert.True(text[0] == '\u0645' ? levels[3] == 1 && levels[2] == 2 && levels[4] == 2 : levels.All(level => level == 2), why);
    }

    [Fact]
    public void Marks_and_halves_of_pairs_stay_with_their_letter()
    {
        Assert.Equal([1, 1, 0], Bidi.Levels("\u05D0\u05B0a", rightToLeft: false));
        Assert.Equal([1, 1, 1], Bidi.Levels("\u05D0\U0001E900", rightToLeft: false));
        Assert.Equal([0, 0], Bidi.Levels("\U0001F600", rightToLeft: false));
    }

    [Fact]
    public void Pieces_are_ordered_level_by_level()
    {
        Assert.Equal([0, 1, 2], Bidi.VisualOrder([0, 0, 0]));
        Assert.Equal([2, 1, 0], Bidi.VisualOrder([1, 1, 1]));
        Assert.Equal([0, 1, 4, 3, 2, 5, 6], Bidi.VisualOrder([0, 0, 1, 1, 1, 0, 0]));
        Assert.Equal([2, 3, 4, 1, 0], Bidi.VisualOrder([1, 1, 2, 2, 2]));
    }

    /// <summary>The line from left to right, brackets mirrored where they read from right to left.</summary>
    private static string Seen(string text, bool rightToLeft, Func<char, char> shown)
    {
        var levels = Bidi.Levels(text, rightToLeft);
        return string.Concat(
            Bidi.VisualOrder(levels)
                .Select(at =>
                    (text[at], levels[at] % 2) switch
                    {
                        ('(', 1) => ')',
                        (')', 1) => '(',
                        ('[', 1) => ']',
                        (']', 1) => '[',
                        var (letter, _) => shown(letter),
                    }
                )
        );
    }
}
