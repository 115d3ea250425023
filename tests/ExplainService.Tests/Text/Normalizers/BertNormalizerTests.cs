using Xunit;

namespace ExplainService.Tests.Text.Normalizers;

/// <summary><c>BertNormalizer</c>, one option at a time.</summary>
public sealed class BertNormalizerTests
{
    [Fact]
    public void Clean_text_drops_control_characters_and_makes_every_white_space_a_space() =>
        Assert.Equal("ab cd e f", Normalized("a\u0001b\tc\u200Bd\u00A0e\nf", clean: true));

    [Fact]
    public void Without_clean_text_control_characters_stay() => Assert.Equal("a\u0001b\tc", Normalized("a\u0001b\tc"));

    [Fact]
    public void Chinese_characters_get_a_space_on_either_side() => Assert.Equal("x 中  文 y", Normalized("x中文y", chinese: true));

    [Fact]
    public void Kana_and_Hangul_are_no_Chinese_characters() => Assert.Equal("かな한", Normalized("かな한", chinese: true));

    [Theory]
    [InlineData("null", false, "Café")]
    [InlineData("null", true, "cafe")]
    [InlineData("true", false, "Cafe")]
    [InlineData("false", true, "café")]
    public void Accents_go_where_asked_and_else_where_the_text_is_lowercased(string strip, bool lowercase, string expected) =>
        Assert.Equal(expected, Normalized("Café", strip: strip, lowercase: lowercase));

    [Fact]
    public void A_letter_stands_for_the_letter_with_its_accent_but_not_for_a_mark_of_its_own() =>
        Assert.Equal(
            "e[0-1]t[1-2]e[2-3]",
            TinyTokenizer.Aligned("""{"type": "BertNormalizer", "strip_accents": true, "lowercase": true}""", "étE\u0301")
        );

    private static string Normalized(
        string text,
        bool clean = false,
        bool chinese = false,
        string strip = "false",
        bool lowercase = false
    ) =>
        TinyTokenizer.Normalized(
            $$"""
            {
              "type": "BertNormalizer", "clean_text": {{Json(clean)}}, "handle_chinese_chars": {{Json(chinese)}},
              "strip_accents": {{strip}}, "lowercase": {{Json(lowercase)}}
            }
            """,
            text
        );

    private static string Json(bool flag) => flag ? "true" : "false";
}
