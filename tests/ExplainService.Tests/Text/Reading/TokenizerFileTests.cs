using ExplainService.Text;
using ExplainService.Text.Tokenization;
using Xunit;

namespace ExplainService.Tests.Text.Reading;

/// <summary>What is wrong with a tokenizer.json is said as a fault of the file; what the oldest files leave out is guessed as Hugging Face does.</summary>
public sealed class TokenizerFileTests
{
    [Theory]
    [InlineData("""{"vocab": {"a": 0, "b": 1, "ab": 2}, "merges": ["a b"]}""", "ab[0-2]")]
    [InlineData("""{"vocab": [["?", 0], ["a", -1], ["b", -1]], "unk_id": 0}""", "a[0-1] b[1-2]")]
    [InlineData("""{"vocab": {"[UNK]": 0, "a": 1, "##b": 2}, "continuing_subword_prefix": "##"}""", "a[0-1] ##b[1-2]")]
    [InlineData("""{"vocab": {"<unk>": 0, "ab": 1}}""", "ab[0-2]")]
    public void A_model_without_its_type_is_known_by_its_fields(string model, string expected) =>
        Assert.Equal(expected, TinyTokenizer.Tokens(TinyTokenizer.Load(model), "ab"));

    [Theory]
    [InlineData("""{"model": """)]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"model": {"type": "WordPiece", "vocab": {}}}""")]
    [InlineData("""{"model": {"type": "WordPiece", "vocab": {"a": 0}}}""")]
    [InlineData("""{"model": {"type": "WordLevel", "vocab": {"a": "zero"}}}""")]
    [InlineData("""{"model": {"type": "WordLevel", "vocab": {"a": -1}}}""")]
    [InlineData("""{"model": {"type": "WordLevel", "vocab": {"a": 1, "b": 1}}}""")]
    [InlineData("""{"model": {"type": "Unigram", "unk_id": 7, "vocab": [["a", -1]]}}""")]
    [InlineData("""{"model": {"type": "BPE", "vocab": {"a": 0}, "merges": [7]}}""")]
    [InlineData("""{"model": {"type": "WordLevel", "vocab": {"a": 0}}, "normalizer": {"type": "Prepend"}}""")]
    [InlineData("""{"model": {"type": "WordLevel", "vocab": {"a": 0}}, "normalizer": {"type": "Strip", "strip_left": 1}}""")]
    [InlineData("""{"model": {"type": "WordLevel", "vocab": {"a": 0}}, "pre_tokenizer": {"type": "Sequence", "pretokenizers": 1}}""")]
    [InlineData("""{"model": {"type": "WordLevel", "vocab": {"a": 0}}, "post_processor": {"type": "BertProcessing", "cls": "a"}}""")]
    public void A_file_that_is_cut_short_or_contradicts_itself_is_said_to_be_wrong(string json) =>
        Assert.Throws<TokenizerFormatException>(() => TinyTokenizer.LoadFile(json));

    [Fact]
    public void A_model_that_is_not_known_is_named()
    {
        var refused = Assert.Throws<TokenizerNotSupportedException>(() => TinyTokenizer.Load("""{"type": "CharCNN", "vocab": {}}"""));
        Assert.Equal(("model", "CharCNN"), (refused.Component, refused.Value));
    }

    [Fact]
    public void A_folder_without_a_tokenizer_is_said_to_have_none()
    {
        var folder = Directory.CreateTempSubdirectory("tokenizer-");
        try
        {
            Assert.Throws<TokenizerFormatException>(() => Tokenizer.Load(folder.FullName));
        }
        finally
        {
            folder.Delete();
        }
    }
}
