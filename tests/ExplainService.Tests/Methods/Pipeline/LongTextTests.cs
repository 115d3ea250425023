using System.Diagnostics;
using ExplainService.Methods.Contracts;
using ExplainService.Text.Units;
using Xunit;

namespace ExplainService.Tests.Methods.Pipeline;

/// <summary>
/// What happens to a text before the model reads it takes time in proportion to its length. Half a megabyte takes a few tenths of a second;
/// squares of it took from ten seconds to a quarter of an hour.
/// </summary>
public class LongTextTests
{
    private const int Words = 100_000;

    private static readonly TimeSpan Ample = TimeSpan.FromSeconds(5);
    private static readonly Lazy<string> Text = new(() => UnitTexts.Review(Words));

    [Theory]
    [Slow]
    [InlineData(Granularity.Word, Granularity.Token)]
    [InlineData(Granularity.Sentence, Granularity.Word, Granularity.Token)]
    [InlineData(Granularity.Paragraph, Granularity.Word)]
    public void Units_of_several_levels(params Granularity[] levels)
    {
        var input = UnitTexts.Prepare(Text.Value);
        var watch = Stopwatch.StartNew();
        var hierarchy = UnitTexts.Units(input, levels);
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, Ample);
        Assert.Equal(input.Tokens.CountOf(0), hierarchy.Leaves.Units.Sum(leaf => leaf.Tokens.Count));
    }

    [Theory]
    [InlineData(OffsetUnit.Utf16)]
    [InlineData(OffsetUnit.Codepoint)]
    public void Ten_thousand_spans(OffsetUnit unit)
    {
        var input = UnitTexts.Prepare(Text.Value, unit: unit);
        var words = UnitTexts.Units(input, Granularity.Word).Leaves.Units.TakeLast(10_000).ToArray();
        int[][] spans = [.. words.Select(word => new[] { input.Offsets.Of(0, word.Start), input.Offsets.Of(0, word.End) })];
        var watch = Stopwatch.StartNew();
        var units = UnitTexts.Units(input, spans).Leaves.Units;
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, Ample);
        Assert.Equal(words.Select(word => (word.Start, word.End)), units.Select(span => (span.Start, span.End)));
        Assert.Equal(words.SelectMany(word => word.Tokens), units.SelectMany(span => span.Tokens));
    }
}
