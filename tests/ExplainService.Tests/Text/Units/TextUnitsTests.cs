using ExplainService.Goldens;
using ExplainService.Text.Tokenization;
using ExplainService.Text.Units;
using Xunit;

namespace ExplainService.Tests.Text.Units;

/// <summary>Words, sentences and paragraphs, and which tokens belong to them.</summary>
public class TextUnitsTests
{
    [Theory]
    [InlineData("I didn't like 3.5 stars!", "I|didn't|like|3.5|stars|!")]
    [InlineData("Der Film war naja… 😀 loved it", "Der|Film|war|naja|…|😀|loved|it")]
    [InlineData("  ", "")]
    public void Words_follow_Unicode(string text, string expected) => Assert.Equal(expected, Join(text, Granularity.Word));

    [Fact]
    public void Sentences_are_trimmed() =>
        Assert.Equal("It rained.|We left early!", Join(" It rained.  We left early! ", Granularity.Sentence));

    [Fact]
    public void Empty_lines_separate_paragraphs() => Assert.Equal("a\nb|c|d", Join("a\nb\n\n  c \r\n \r\n\r\nd\n", Granularity.Paragraph));

    [Fact]
    public void Every_token_belongs_to_the_word_of_its_first_character()
    {
        const string Text = "An unforgettable, heartbreaking masterpiece.";
        var encoding = Tokenizer.Load(Path.Combine(ReferenceData.BundledModels, "minilm-sst2")).Encode(Text);
        var units = UnitGrouping.Group(encoding, 0, Text, TextUnits.Split(Text, Granularity.Word));
        Assert.Equal(6, units.Count);
        Assert.Equal(Enumerable.Range(1, encoding.Count - 2), units.SelectMany(unit => unit.Tokens));
        Assert.Equal("unforgettable", Text[units[1].Start..units[1].End]);
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

    private static string Join(string text, Granularity granularity) =>
        string.Join('|', TextUnits.Split(text, granularity).Select(span => text[span.Start..span.End]));
}
