using ExplainService.Text;
using Xunit;

namespace ExplainService.Tests.Text.Families;

/// <summary>An unknown token that the vocabulary lacks is missed only by the texts that need it, as in Hugging Face's.</summary>
public sealed class UnknownTests
{
    [Theory]
    [InlineData("""{"type": "WordLevel", "vocab": {"a": 0}, "unk_token": "[UNK]"}""")]
    [InlineData("""{"type": "WordPiece", "vocab": {"a": 0}, "unk_token": "[UNK]"}""")]
    [InlineData("""{"type": "BPE", "vocab": {"a": 0}, "merges": [], "unk_token": "[UNK]"}""")]
    [InlineData("""{"type": "Unigram", "vocab": [["a", -1.0]], "unk_id": null}""")]
    public void Only_a_text_with_something_unknown_has_no_tokens(string model)
    {
        var tokenizer = TinyTokenizer.Load(model, added: """[{"id": 1, "content": "[UNK]", "special": true}]""");
        Assert.Equal([0], tokenizer.Encode("a").Ids);
        Assert.DoesNotContain("q", Assert.Throws<TokenizerUnknownException>(() => tokenizer.Encode("q")).Message);
    }
}
