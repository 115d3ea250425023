using ExplainService.Goldens;
using ExplainService.Text;
using Xunit;

namespace ExplainService.Tests.Text.Normalizers;

/// <summary>The other normalisers of tokenizer.json, one type at a time.</summary>
public sealed class TextNormalizersTests
{
    [Theory]
    [InlineData("ÀÉ Ab", "àé ab")]
    [InlineData("ΟΔΟΣ", "οδοσ")]
    [InlineData("İ", "i\u0307")]
    public void Lowercase_maps_every_character_by_itself(string text, string expected) =>
        Assert.Equal(expected, TinyTokenizer.Normalized("""{"type": "Lowercase"}""", text));

    [Fact]
    public void Both_characters_of_a_lowercase_dotted_I_stand_for_it() =>
        Assert.Equal("i[0-1]\u0307[0-1]a[1-2]", TinyTokenizer.Aligned("""{"type": "Lowercase"}""", "İA"));

    [Fact]
    public void StripAccents_removes_marks_and_leaves_composed_letters() =>
        Assert.Equal("eé", TinyTokenizer.Normalized("""{"type": "StripAccents"}""", "e\u0301é"));

    [Fact]
    public void Replace_replaces_every_occurrence_of_a_string() =>
        Assert.Equal("\"a\"", TinyTokenizer.Normalized("""{"type": "Replace", "pattern": {"String": "''"}, "content": "\""}""", "''a''"));

    [Fact]
    public void Replace_replaces_every_match_of_a_pattern_and_keeps_the_range_of_its_last_character() =>
        Assert.Equal(
            "a[0-1] [3-4]b[4-5]",
            TinyTokenizer.Aligned("""{"type": "Replace", "pattern": {"Regex": " {2,}"}, "content": " "}""", "a   b")
        );

    [Theory]
    [InlineData("abc", "▁[0-1]a[0-1]b[1-2]c[2-3]")]
    [InlineData("", "")]
    public void Prepend_puts_text_before_a_text_that_is_not_empty(string text, string expected) =>
        Assert.Equal(expected, TinyTokenizer.Aligned("""{"type": "Prepend", "prepend": "▁"}""", text));

    [Theory]
    [InlineData("true", "true", "a b[3-4]")]
    [InlineData("true", "false", "a b  [5-6]")]
    [InlineData("false", "true", " a b[3-4]")]
    public void Strip_removes_white_space_at_the_ends_that_it_is_told(string left, string right, string expected)
    {
        var normalizer = $$"""{"type": "Strip", "strip_left": {{left}}, "strip_right": {{right}}}""";
        var aligned = TinyTokenizer.Aligned(normalizer, " a b  ");
        Assert.Equal(expected, TinyTokenizer.Normalized(normalizer, " a b  ") + aligned[aligned.LastIndexOf('[')..]);
    }

    [Fact]
    public void Nmt_drops_control_characters_and_makes_exotic_spaces_spaces() =>
        Assert.Equal("ab c d", TinyTokenizer.Normalized("""{"type": "Nmt"}""", "a\u0001b\u200Bc\u2028d"));

    [Fact]
    public void ByteLevel_writes_each_byte_as_its_stand_in_with_the_range_of_its_character() =>
        Assert.Equal("Ã[0-1]©[0-1]Ġ[1-2]a[2-3]", TinyTokenizer.Aligned("""{"type": "ByteLevel"}""", "é a"));

    [Fact]
    public void A_sequence_runs_its_steps_in_order() =>
        Assert.Equal(
            "e[0-1]a[1-2]",
            TinyTokenizer.Aligned(
                """{"type": "Sequence", "normalizers": [{"type": "NFD"}, {"type": "StripAccents"}, {"type": "Lowercase"}]}""",
                "ÉA"
            )
        );

    [Theory]
    [InlineData("ＡＢ", "AB")]
    [InlineData("ﬁ①", "fi1")]
    [InlineData("a\tb", "a b")]
    [InlineData("e\u0301", "é")]
    public void Precompiled_maps_of_SentencePiece_apply_their_rules(string text, string expected)
    {
        // T5's own map: NFKC with SentencePiece's additions.
        using var file = ReferenceData.Json("tokenizers", "t5", "tokenizer.json");
        Assert.Equal(expected, TinyTokenizer.Normalized(file.RootElement.GetProperty("normalizer").GetRawText(), text));
    }

    [Fact]
    public void A_precompiled_map_that_is_truncated_is_a_fault_of_the_file() =>
        Assert.Throws<TokenizerFormatException>(() =>
            TinyTokenizer.Normalized("""{"type": "Precompiled", "precompiled_charsmap": "AAAB"}""", "a")
        );

    [Fact]
    public void A_type_that_is_not_known_is_named()
    {
        var refused = Assert.Throws<TokenizerNotSupportedException>(() => TinyTokenizer.Normalized("""{"type": "Rot13"}""", "a"));
        Assert.Equal(("normalizer", "Rot13"), (refused.Component, refused.Value));
    }
}
