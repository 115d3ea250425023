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

    private static string Join(string text, Granularity granularity) =>
        string.Join('|', TextUnits.Split(text, granularity).Select(span => text[span.Start..span.End]));
}
