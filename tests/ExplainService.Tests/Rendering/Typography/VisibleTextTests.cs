using System.Xml;
using ExplainService.Rendering.Typography;
using Xunit;

namespace ExplainService.Tests.Rendering.Typography;

/// <summary>What cannot be seen is shown, what would act is made inert, everything else is left alone.</summary>
public sealed class VisibleTextTests
{
    [Theory]
    [InlineData("plain text, Ελληνικά, кино, שלום, 中文, 👩‍👩‍👧, e\u0301", "plain text, Ελληνικά, кино, שלום, 中文, 👩‍👩‍👧, e\u0301")]
    [InlineData("two  spaces\ttab\r\nline", "two  spaces\ttab\r\nline")]
    [InlineData("\0\u0007\u001B[31m\u007F", "␀␇␛[31m␡")]
    [InlineData("a\u202Eb\u202C\u2066c\u2069", "a‹RLO›b‹PDF›‹LRI›c‹PDI›")]
    [InlineData("\u0085\u2028\uFEFF\u200B", "‹U+0085›‹U+2028›‹BOM›‹ZWSP›")]
    public void Invisible_characters_are_shown(string text, string shown)
    {
        Assert.Equal(shown, VisibleText.Of(text));
    }

    [Fact]
    public void Halves_of_pairs_and_noncharacters_are_replaced()
    {
        Assert.Equal("\uFFFD x \uFFFD \uFFFD", VisibleText.Of("\uD83D x \uDE00 \uFFFF"));
    }

    [Fact]
    public void Every_UTF_16_text_becomes_valid_XML()
    {
        var everything = string.Concat(Enumerable.Range(0, 0x10000).Select(unit => (char)unit).Reverse());

        XmlConvert.VerifyXmlChars(VisibleText.Of(everything));
    }

    [Theory]
    [InlineData("\n", "↵")]
    [InlineData("a\r\nb\tc", "a↵b→c")]
    [InlineData("  ", "··")]
    public void Labels_take_one_line(string text, string shown)
    {
        Assert.Equal(shown, VisibleText.OneLine(text));
    }

    [Fact]
    public void What_is_cut_keeps_its_letters_whole_and_fits()
    {
        var text = string.Concat(Enumerable.Repeat("e\u0301👩‍👩‍👧", 40));

        var cut = VisibleText.Fit(text, 100, 13);

        Assert.EndsWith("…", cut, StringComparison.Ordinal);
        Assert.True(TextMeasure.Width(cut, 13) <= 100);
        Assert.True(cut[..^1].Length == 0 || cut[..^1].EndsWith('\u0301') || cut[..^1].EndsWith("👧", StringComparison.Ordinal), cut);
    }

    [Theory]
    [InlineData("word", false)]
    [InlineData("(שלום", true)]
    [InlineData("مرحبا", true)]
    [InlineData("12!", null)]
    public void Direction_is_that_of_the_first_letter(string text, bool? rightToLeft)
    {
        Assert.Equal(rightToLeft, Direction.Of(text));
    }
}
