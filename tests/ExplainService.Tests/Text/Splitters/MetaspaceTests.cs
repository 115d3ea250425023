using ExplainService.Text;
using Xunit;

namespace ExplainService.Tests.Text.Splitters;

/// <summary>SentencePiece's pre-tokenizer.</summary>
public sealed class MetaspaceTests
{
    private const string Added = """[{"id": 5000, "content": "<s>", "normalized": false, "special": true}]""";

    [Theory]
    [InlineData("always", "Hey you", "▁Hey|▁you")]
    [InlineData("always", " Hey", "▁Hey")]
    [InlineData("always", "a<s>b", "▁a|<s>|▁b")]
    [InlineData("first", "a<s>b", "▁a|<s>|b")]
    [InlineData("never", "Hey you", "Hey|▁you")]
    [InlineData("never", "a<s>b", "a|<s>|b")]
    public void A_space_is_put_before_every_part_the_first_or_none(string scheme, string text, string expected) =>
        Assert.Equal(
            expected,
            TinyTokenizer.Pieces($$"""{"type": "Metaspace", "replacement": "▁", "prepend_scheme": "{{scheme}}"}""", text, Added)
        );

    [Theory]
    [InlineData("true", "▁a|▁b")]
    [InlineData("false", "a|▁b")]
    public void Older_files_say_only_whether_to_put_one(string adds, string expected) =>
        Assert.Equal(expected, TinyTokenizer.Pieces($$"""{"type": "Metaspace", "add_prefix_space": {{adds}}}""", "a b"));

    [Fact]
    public void Without_split_the_text_is_one_piece() =>
        Assert.Equal("▁Hey▁you", TinyTokenizer.Pieces("""{"type": "Metaspace", "prepend_scheme": "always", "split": false}""", "Hey you"));

    [Fact]
    public void A_scheme_that_is_not_known_is_named()
    {
        var refused = Assert.Throws<TokenizerNotSupportedException>(() =>
            TinyTokenizer.Pieces("""{"type": "Metaspace", "prepend_scheme": "last"}""", "a")
        );
        Assert.Equal(("prepend_scheme", "last"), (refused.Component, refused.Value));
    }
}
