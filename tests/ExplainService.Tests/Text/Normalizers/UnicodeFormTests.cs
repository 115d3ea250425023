using Xunit;

namespace ExplainService.Tests.Text.Normalizers;

/// <summary>The four forms of UAX #15.</summary>
public sealed class UnicodeFormTests
{
    [Theory]
    [InlineData("NFC", "e\u0301", "é")]
    [InlineData("NFC", "ﬁ①", "ﬁ①")]
    [InlineData("NFC", "\u1112\u1161\u11AB", "한")]
    [InlineData("NFD", "é", "e\u0301")]
    [InlineData("NFD", "한", "\u1112\u1161\u11AB")]
    [InlineData("NFD", "ﬁ①", "ﬁ①")]
    [InlineData("NFKC", "ﬁ①e\u0301", "fi1é")]
    [InlineData("NFKC", "ＡＢ", "AB")]
    [InlineData("NFKD", "ﬁ①é", "fi1e\u0301")]
    public void A_form_composes_or_decomposes_as_its_name_says(string form, string text, string expected) =>
        Assert.Equal(expected, Normalized(form, text));

    [Theory]
    [InlineData("NFC")]
    [InlineData("NFD")]
    [InlineData("NFKC")]
    [InlineData("NFKD")]
    public void Text_that_has_the_form_already_stays(string form) => Assert.Equal("plain text", Normalized(form, "plain text"));

    [Fact]
    public void Marks_are_ordered_by_their_class() => Assert.Equal("e\u0323\u0301", Normalized("NFD", "e\u0301\u0323"));

    [Fact]
    public void Both_parts_of_a_decomposed_letter_stand_for_the_letter() =>
        Assert.Equal("a[0-1]e[1-2]\u0301[1-2]b[2-3]", TinyTokenizer.Aligned("""{"type": "NFD"}""", "aéb"));

    private static string Normalized(string form, string text) => TinyTokenizer.Normalized($$"""{"type": "{{form}}"}""", text);
}
