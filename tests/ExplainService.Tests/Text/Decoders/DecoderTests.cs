using ExplainService.Text;
using Xunit;

namespace ExplainService.Tests.Text.Decoders;

/// <summary>From tokens back to text, one type of decoder at a time.</summary>
public sealed class DecoderTests
{
    [Fact]
    public void Without_a_decoder_tokens_have_spaces_between_them() => Assert.Equal("a b", TinyTokenizer.Decoded("null", "a", "b"));

    [Theory]
    [InlineData("true", "unaffable, isn't it?")]
    [InlineData("false", "unaffable , is n't it ?")]
    public void WordPiece_joins_what_continues_a_word_and_cleans_up_where_asked(string cleanup, string expected) =>
        Assert.Equal(
            expected,
            TinyTokenizer.Decoded(
                $$"""{"type": "WordPiece", "prefix": "##", "cleanup": {{cleanup}}}""",
                "un",
                "##aff",
                "##able",
                ",",
                "is",
                "n't",
                "it",
                "?"
            )
        );

    [Fact]
    public void ByteLevel_turns_stand_ins_back_into_bytes() =>
        Assert.Equal("Hello worldé", TinyTokenizer.Decoded("""{"type": "ByteLevel"}""", "Hello", "Ġwor", "ld", "Ã", "©"));

    [Fact]
    public void ByteLevel_writes_a_replacement_character_for_bytes_that_are_no_text() =>
        Assert.Equal("a\uFFFD", TinyTokenizer.Decoded("""{"type": "ByteLevel"}""", "a", "Ã"));

    [Theory]
    [InlineData("€x", "<0xE2>", "<0x82>", "<0xAC>", "x")]
    [InlineData("\uFFFD\uFFFDx", "<0xE2>", "<0x82>", "x")]
    public void ByteFallback_joins_bytes_in_a_row_or_replaces_each(string expected, params string[] tokens) =>
        Assert.Equal(
            expected,
            TinyTokenizer.Decoded("""{"type": "Sequence", "decoders": [{"type": "ByteFallback"}, {"type": "Fuse"}]}""", tokens)
        );

    [Theory]
    [InlineData("always", "Hey you")]
    [InlineData("first", "Hey you")]
    [InlineData("never", " Hey you")]
    public void Metaspace_turns_stand_ins_into_spaces_and_drops_the_one_that_was_put_in_front(string scheme, string expected) =>
        Assert.Equal(
            expected,
            TinyTokenizer.Decoded($$"""{"type": "Metaspace", "replacement": "▁", "prepend_scheme": "{{scheme}}"}""", "▁Hey", "▁you")
        );

    [Fact]
    public void BPEDecoder_turns_the_ends_of_words_into_spaces() =>
        Assert.Equal("My name", TinyTokenizer.Decoded("""{"type": "BPEDecoder", "suffix": "</w>"}""", "My</w>", "na", "me</w>"));

    [Fact]
    public void Strip_removes_so_many_at_the_start_of_every_token() =>
        Assert.Equal(
            "ab c",
            TinyTokenizer.Decoded(
                """{"type": "Sequence", "decoders": [{"type": "Strip", "content": "_", "start": 1, "stop": 0}, {"type": "Fuse"}]}""",
                "_ab",
                " c"
            )
        );

    [Fact]
    public void Replace_replaces_a_string_in_every_token() =>
        Assert.Equal(
            " Hey you",
            TinyTokenizer.Decoded("""{"type": "Replace", "pattern": {"String": "▁"}, "content": " "}""", "▁Hey", "▁you")
        );

    [Fact]
    public void Replace_replaces_the_matches_of_a_pattern_by_its_content_as_it_stands() =>
        Assert.Equal("a$0b", TinyTokenizer.Decoded("""{"type": "Replace", "pattern": {"Regex": "_+"}, "content": "$0"}""", "a___b"));

    [Fact]
    public void Llamas_sequence_gives_the_text_back() =>
        Assert.Equal(
            "Hey you",
            TinyTokenizer.Decoded(
                """
                {
                  "type": "Sequence",
                  "decoders": [
                    {"type": "Replace", "pattern": {"String": "▁"}, "content": " "}, {"type": "ByteFallback"}, {"type": "Fuse"},
                    {"type": "Strip", "content": " ", "start": 1, "stop": 0}
                  ]
                }
                """,
                "▁Hey",
                "▁you"
            )
        );

    [Fact]
    public void A_type_that_is_not_known_is_named()
    {
        var refused = Assert.Throws<TokenizerNotSupportedException>(() => TinyTokenizer.Decoded("""{"type": "CTC"}""", "a"));
        Assert.Equal(("decoder", "CTC"), (refused.Component, refused.Value));
    }
}
