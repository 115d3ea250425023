using Xunit;

namespace ExplainService.Tests.Text.Splitters;

/// <summary>GPT-2's pre-tokenizer.</summary>
public sealed class ByteLevelTests
{
    [Theory]
    [InlineData("Hey you", true, true, "ĠHey|Ġyou")]
    [InlineData(" Hey", true, true, "ĠHey")]
    [InlineData("Hey you", false, true, "Hey|Ġyou")]
    [InlineData("Hey you", false, false, "HeyĠyou")]
    [InlineData("I'll go  there", false, true, "I|'ll|Ġgo|Ġ|Ġthere")]
    [InlineData("abc123!!", false, true, "abc|123|!!")]
    [InlineData("a\nb", false, true, "a|Ċ|b")]
    [InlineData("é", false, true, "Ã©")]
    public void Words_keep_the_space_before_them_and_bytes_have_stand_ins(string text, bool prefix, bool regex, string expected) =>
        Assert.Equal(
            expected,
            TinyTokenizer.Pieces(
                $$"""{"type": "ByteLevel", "add_prefix_space": {{(prefix ? "true" : "false")}}, "use_regex": {{(regex ? "true" : "false")}}}""",
                text
            )
        );
}
