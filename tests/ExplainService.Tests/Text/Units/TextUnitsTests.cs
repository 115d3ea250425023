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
    public void Words_are_cut_by_the_rules_of_Unicode(string text, string expected) => Assert.Equal(expected, Join(text, Granularity.Word));

    [Fact]
    public void Sentences_have_no_white_space_around_them() =>
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

    /// <summary>A text is read a stretch at a time: the units are those of the whole.</summary>
    [Theory]
    [InlineData("one, two and three. It's 3.14 o'clock! ")]
    [InlineData("中文字符分词测试句子，很长。")]
    [InlineData("中文字符分词测试句子很长")]
    [InlineData("สวัสดีครับวันนี้อากาศดี")]
    [InlineData("ひらがなとカタカナー")]
    [InlineData("🇫🇷🇩🇪")]
    [InlineData("👨\u200D👩\u200D👧")]
    [InlineData("a\u0301\u0316")]
    [InlineData("a. 1 2 3 4 5 6 ")]
    [InlineData("line\r\n\n")]
    [InlineData("aaaaaaaaaaaaaaaaaaaa")]
    public void Units_of_long_texts_are_those_of_the_text_read_at_once(string part)
    {
        var text = "Ein Satz. " + string.Concat(Enumerable.Repeat(part, 20_000 / part.Length)) + " Ende. x";
        foreach (var granularity in new[] { Granularity.Word, Granularity.Sentence })
        {
            Assert.Equal(
                Boundaries.Of(text, granularity, int.MaxValue, CancellationToken.None),
                Boundaries.Of(text, granularity, 3_000, CancellationToken.None)
            );
        }
    }

    [Fact]
    public void Units_are_read_no_further_than_they_are_asked_for_and_not_at_all_when_nobody_waits()
    {
        var text = string.Concat(Enumerable.Repeat("word and word. ", 100_000));
        using var waits = new CancellationTokenSource();
        using var words = TextUnits.Spans(text, Granularity.Word, waits.Token).GetEnumerator();

        Assert.True(words.MoveNext());
        waits.Cancel();

        Assert.Throws<OperationCanceledException>(() =>
        {
            while (words.MoveNext()) { }
        });
        Assert.InRange(words.Current.End, 1, text.Length / 10);
    }

    private static string Join(string text, Granularity granularity) =>
        string.Join('|', TextUnits.Split(text, granularity).Select(span => text[span.Start..span.End]));
}
