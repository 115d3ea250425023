using System.Text;
using System.Text.Json;
using ExplainService.Text.Alignment;
using ExplainService.Text.Normalizers;
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

    /// <summary>Letters and marks of every class, syllables, what decomposes to marks: what NET's own normalisation makes of them.</summary>
    [Theory]
    [InlineData("NFC", NormalizationForm.FormC)]
    [InlineData("NFD", NormalizationForm.FormD)]
    [InlineData("NFKC", NormalizationForm.FormKC)]
    [InlineData("NFKD", NormalizationForm.FormKD)]
    public void Forms_are_those_of_the_standard(string form, NormalizationForm standard)
    {
        var normalizer = NormalizerReader.Read(JsonDocument.Parse($$"""{"type": "{{form}}"}""").RootElement)!;
        var random = new Random(1);
        (int From, int To)[] ranges =
        [
            (0x41, 0x17F),
            (0x300, 0x344),
            (0x5B0, 0x5BD),
            (0x900, 0x9FD),
            (0xF71, 0xF83),
            (0x1100, 0x11C2),
            (0x1E00, 0x1FFF),
            (0x3041, 0x30FF),
            (0xAC00, 0xD7A3),
            (0xF900, 0xFA6D),
            (0xFB1D, 0xFB4F),
            (0xFF01, 0xFF9F),
            (0x1D15E, 0x1D164),
        ];
        for (var round = 0; round < 2_000; round++)
        {
            var text = string.Concat(
                Enumerable
                    .Range(0, 12)
                    .Select(_ => ranges[random.Next(ranges.Length)])
                    .Select(range => char.ConvertFromUtf32(random.Next(range.From, range.To + 1)))
                    .Append("\u0301\u0316")
            );
            Assert.Equal(text.Normalize(standard), normalizer.Normalize(AlignedText.Of(text)).Span.ToString());
        }
    }

    private static string Normalized(string form, string text) => TinyTokenizer.Normalized($$"""{"type": "{{form}}"}""", text);
}
