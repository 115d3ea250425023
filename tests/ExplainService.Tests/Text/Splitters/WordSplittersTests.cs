using ExplainService.Text;
using Xunit;

namespace ExplainService.Tests.Text.Splitters;

/// <summary>Pre-tokenizers that cut at classes of characters.</summary>
public sealed class WordSplittersTests
{
    [Theory]
    [InlineData("Whitespace", "Hey man, it's 3.5!!", "Hey|man|,|it|'|s|3|.|5|!!")]
    [InlineData("WhitespaceSplit", "Hey  man, it's\t3.5!", "Hey|man,|it's|3.5!")]
    [InlineData("BertPreTokenizer", "Hey man!! $5", "Hey|man|!|!|$|5")]
    [InlineData("Punctuation", "Hi, you??", "Hi|,| you|?|?")]
    public void A_splitter_cuts_by_its_class_of_characters(string type, string text, string expected) =>
        Assert.Equal(expected, TinyTokenizer.Pieces($$"""{"type": "{{type}}"}""", text));

    [Theory]
    [InlineData("false", "Call |911|!")]
    [InlineData("true", "Call |9|1|1|!")]
    public void Digits_are_one_piece_or_one_each(string individual, string expected) =>
        Assert.Equal(expected, TinyTokenizer.Pieces($$"""{"type": "Digits", "individual_digits": {{individual}}}""", "Call 911!"));

    [Fact]
    public void CharDelimiterSplit_drops_its_delimiter() =>
        Assert.Equal("a|b c|d", TinyTokenizer.Pieces("""{"type": "CharDelimiterSplit", "delimiter": "_"}""", "a_b c__d"));

    [Fact]
    public void A_sequence_cuts_the_pieces_of_the_step_before() =>
        Assert.Equal(
            "Hi|you|?",
            TinyTokenizer.Pieces(
                """{"type": "Sequence", "pretokenizers": [{"type": "WhitespaceSplit"}, {"type": "Punctuation"}]}""",
                "Hi you?"
            )
        );

    [Fact]
    public void Characters_beyond_the_BMP_are_not_torn() =>
        Assert.Equal("𝖍𝖎|!|😀", TinyTokenizer.Pieces("""{"type": "Whitespace"}""", "𝖍𝖎! 😀"));

    /// <summary>Answers of tokenizers 0.23.2, which loses the space in front.</summary>
    [Theory]
    [InlineData(" ab はカ漢ー字 abc12 Привет, мир!  x", "ab |はカ漢ー字 |abc|12 |Привет|, |мир|!  |x")]
    [InlineData("どこで生れ。Yes", "どこで生れ|。|Yes")]
    [InlineData(" ", "")]
    public void Scripts_are_pieces_with_the_spaces_after_them(string text, string expected) =>
        Assert.Equal(expected, TinyTokenizer.Pieces("""{"type": "UnicodeScripts"}""", text));

    [Theory]
    [InlineData("""{"type": "FixedLength", "length": 3}""", "abcdefgh😀é日本", "abc|def|gh😀|é日本")]
    [InlineData("""{"type": "FixedLength"}""", "abcdefgh", "abcde|fgh")]
    [InlineData("""{"type": "FixedLength", "length": 5}""", "ab", "ab")]
    public void Pieces_of_a_fixed_length_are_counted_in_characters(string splitter, string text, string expected) =>
        Assert.Equal(expected, TinyTokenizer.Pieces(splitter, text));

    [Fact]
    public void A_length_that_is_not_above_zero_is_refused() =>
        Assert.Throws<TokenizerFormatException>(() => TinyTokenizer.Pieces("""{"type": "FixedLength", "length": 0}""", "a"));

    [Fact]
    public void A_type_that_is_not_known_is_named()
    {
        var refused = Assert.Throws<TokenizerNotSupportedException>(() => TinyTokenizer.Pieces("""{"type": "Syllables"}""", "a"));
        Assert.Equal(("pre_tokenizer", "Syllables"), (refused.Component, refused.Value));
    }
}
