using ExplainService.Text;
using ExplainService.Text.Tokenization;
using Xunit;

namespace ExplainService.Tests.Text.Templates;

/// <summary>Post-processors: where special tokens go, which type tokens have, and which spaces ranges leave out.</summary>
public sealed class TemplateTests
{
    private const string Words = """{"type": "WhitespaceSplit"}""";
    private const string Bert = """{"type": "BertProcessing", "cls": ["[CLS]", 2], "sep": ["[SEP]", 3]}""";
    private const string Template = """
        {
          "type": "TemplateProcessing",
          "single": [{"SpecialToken": {"id": "[CLS]", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}],
          "pair": [
            {"Sequence": {"id": "B", "type_id": 1}}, {"SpecialToken": {"id": "both", "type_id": 1}}, {"Sequence": {"id": "A", "type_id": 0}}
          ],
          "special_tokens": {
            "[CLS]": {"id": "[CLS]", "ids": [2], "tokens": ["[CLS]"]},
            "both": {"id": "both", "ids": [3, 2], "tokens": ["[SEP]", "[CLS]"]}
          }
        }
        """;

    [Theory]
    [InlineData(Bert, "[CLS]/0 a/0 [SEP]/0")]
    [InlineData("""{"type": "RobertaProcessing", "cls": ["[CLS]", 2], "sep": ["[SEP]", 3]}""", "[CLS]/0 a/0 [SEP]/0")]
    [InlineData(Template, "[CLS]/0 a/0")]
    [InlineData("""{"type": "ByteLevel"}""", "a/0")]
    [InlineData("null", "a/0")]
    public void A_text_stands_between_the_special_tokens(string template, string expected) =>
        Assert.Equal(expected, Types(Load(template).Encode("a")));

    [Theory]
    [InlineData(Bert, "[CLS]/0 a/0 [SEP]/0 b/1 [SEP]/1")]
    [InlineData("""{"type": "RobertaProcessing", "cls": ["[CLS]", 2], "sep": ["[SEP]", 3]}""", "[CLS]/0 a/0 [SEP]/0 [SEP]/0 b/0 [SEP]/0")]
    [InlineData(Template, "b/1 [SEP]/1 [CLS]/1 a/0")]
    [InlineData("null", "a/0 b/1")]
    public void A_pair_stands_where_the_template_has_it(string template, string expected) =>
        Assert.Equal(expected, Types(Load(template).Encode("a", "b")));

    [Fact]
    public void Special_tokens_stand_for_no_text_and_belong_to_no_word()
    {
        var special = Load(Bert).Encode("a", "b").Tokens.Where(token => token.Special).ToArray();
        Assert.Equal(3, special.Length);
        Assert.All(special, token => Assert.Equal((0, 0, -1, null), (token.Start, token.End, token.Sequence, token.Word)));
    }

    [Fact]
    public void Special_tokens_are_left_out_where_they_are_not_wanted() =>
        Assert.Equal("a/0 b/1", Types(Load(Bert).Encode("a", "b", addSpecialTokens: false)));

    [Theory]
    [InlineData(false, 2)]
    [InlineData(true, 3)]
    public void The_number_of_special_tokens_is_known_beforehand(bool pair, int expected) =>
        Assert.Equal(expected, Load(Bert).SpecialTokensAdded(pair));

    [Theory]
    [InlineData("""{"type": "ByteLevel", "trim_offsets": true, "add_prefix_space": false}""", "Ġa[1-2] Ġb[3-4]")]
    [InlineData("""{"type": "ByteLevel", "trim_offsets": false, "add_prefix_space": false}""", "Ġa[0-2] Ġb[2-4]")]
    [InlineData(
        """{"type": "Sequence", "processors": [{"type": "ByteLevel", "trim_offsets": true, "add_prefix_space": false}]}""",
        "Ġa[1-2] Ġb[3-4]"
    )]
    public void Ranges_leave_out_the_spaces_of_tokens_where_they_are_trimmed(string template, string expected)
    {
        var tokenizer = TinyTokenizer.Load(
            TinyTokenizer.Words("Ġa", "Ġb"),
            splitter: """{"type": "ByteLevel", "add_prefix_space": false}""",
            template: template
        );
        Assert.Equal(expected, TinyTokenizer.Tokens(tokenizer, " a b"));
    }

    [Fact]
    public void The_space_that_the_splitter_put_in_front_is_in_no_range()
    {
        var tokenizer = TinyTokenizer.Load(
            TinyTokenizer.Words("Ġa", "Ġb"),
            splitter: """{"type": "ByteLevel", "add_prefix_space": true}""",
            template: """{"type": "ByteLevel", "trim_offsets": true, "add_prefix_space": true}"""
        );
        Assert.Equal("Ġa[0-1] Ġb[2-3]", TinyTokenizer.Tokens(tokenizer, "a b"));
    }

    [Fact]
    public void A_special_token_that_the_vocabulary_has_otherwise_is_a_fault_of_the_file() =>
        Assert.Throws<TokenizerFormatException>(() => Load("""{"type": "BertProcessing", "cls": ["[CLS]", 0], "sep": ["[SEP]", 3]}"""));

    [Fact]
    public void A_type_that_is_not_known_is_named()
    {
        var refused = Assert.Throws<TokenizerNotSupportedException>(() => Load("""{"type": "Frame"}"""));
        Assert.Equal(("post_processor", "Frame"), (refused.Component, refused.Value));
    }

    private static Tokenizer Load(string template) =>
        TinyTokenizer.Load(TinyTokenizer.Words("a", "b", "[CLS]", "[SEP]"), splitter: Words, template: template);

    private static string Types(Encoding encoding) => string.Join(' ', encoding.Tokens.Select(token => $"{token.Text}/{token.TypeId}"));
}
