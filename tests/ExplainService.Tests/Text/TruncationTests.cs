using ExplainService.Goldens;
using ExplainService.Text.Tokenization;
using Xunit;

namespace ExplainService.Tests.Text;

/// <summary>Encodings made to fit a model's longest input: cut off, or read window by window.</summary>
public sealed class TruncationTests
{
    [Theory]
    [InlineData(8, "a b c", "d e")]
    [InlineData(7, "a b", "d e")]
    [InlineData(6, "a b", "d")]
    [InlineData(5, "a", "d")]
    public void The_longer_sequence_loses_its_end_first_and_special_tokens_stay(int most, string text, string pair)
    {
        var tokenizer = TinyTokenizer.Load(
            TinyTokenizer.Words("a", "b", "c", "d", "e", "[CLS]", "[SEP]"),
            splitter: """{"type": "WhitespaceSplit"}""",
            template: """{"type": "BertProcessing", "cls": ["[CLS]", 5], "sep": ["[SEP]", 6]}"""
        );
        var whole = tokenizer.Encode("a b c", "d e");
        Assert.Equal(tokenizer.Encode(text, pair).Ids, tokenizer.Truncate(whole, most).Ids);
    }

    [Fact]
    public void Windows_cover_the_text_and_keep_its_offsets()
    {
        var tokenizer = Tokenizer.Load(Path.Combine(ReferenceData.BundledModels, "minilm-sst2"));
        var text = string.Join(' ', Enumerable.Repeat("a gripping film", 40));
        var whole = tokenizer.Encode(text);
        var windows = tokenizer.Windows(whole, 0, 32, 8);
        Assert.All(windows, window => Assert.True(window.Count <= 32 && window.Tokens[0].Special && window.Tokens[^1].Special));
        var seen = windows.SelectMany(window => window.Tokens).Where(token => !token.Special).Select(token => token.Start).Distinct();
        Assert.Equal(whole.Tokens.Where(token => !token.Special).Select(token => token.Start), seen.Order());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void A_window_of_a_pair_is_what_the_model_would_read_of_that_part_and_the_other_text(int slid)
    {
        var tokenizer = Tokenizer.Load(Path.Combine(ReferenceData.BundledModels, "minilm-sst2"));
        var texts = new[] { "a gripping film", "the plot is dull" };
        texts[slid] = string.Join(' ', Enumerable.Repeat("a gripping film", 20));
        var whole = tokenizer.Encode(texts[0], texts[1]);
        foreach (var window in tokenizer.Windows(whole, slid, 32, 4))
        {
            var own = window.Tokens.Where(token => token.Sequence == slid).ToArray();
            var parts = texts.ToArray();
            parts[slid] = parts[slid][own[0].Start..own[^1].End];
            var alone = tokenizer.Encode(parts[0], parts[1]);
            Assert.Equal(alone.Ids, window.Ids);
            Assert.Equal(alone.TypeIds, window.TypeIds);
            Assert.All(
                Enumerable.Range(0, window.Count),
                position => Assert.Same(whole.Tokens[window.SourceOf(position)], window.Tokens[position])
            );
            Assert.All(
                Enumerable.Range(0, window.Count),
                position => Assert.Equal(window.Tokens[position].Special ? -1 : position, window.PositionOf(window.SourceOf(position)))
            );
        }
    }
}
