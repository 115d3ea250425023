using ExplainService.Methods.Contracts;
using ExplainService.Methods.Pipeline;
using ExplainService.Text;
using ExplainService.Text.Units;
using Xunit;

namespace ExplainService.Tests.Methods.Pipeline;

/// <summary>
/// What happens to a text before the model reads it takes work in proportion to its length: every token is read a few times, and twice the
/// text allocates twice as much. (The time of half a megabyte is measured by the benchmarks' <c>own</c>.)
/// </summary>
public class LongTextTests
{
    private const int Words = 20_000;

    // A level reads a token's sequence, text and range; a hierarchy reads the numbers of the tokens that its units hold.
    private const int ReadsALevel = 8;

    // Twice the text, and a little for arrays that have just grown.
    private const double Twice = 2.3;

    private static readonly Lazy<string> Text = new(() => UnitTexts.Review(Words));
    private static readonly Lazy<string> Longer = new(() => UnitTexts.Review(2 * Words));

    [Theory]
    [Slow]
    [InlineData(Granularity.Word, Granularity.Token)]
    [InlineData(Granularity.Sentence, Granularity.Word, Granularity.Token)]
    [InlineData(Granularity.Paragraph, Granularity.Word)]
    public void Units_of_several_levels_read_each_token_a_few_times(params Granularity[] levels)
    {
        var (input, tokens) = Counted(UnitTexts.Prepare(Text.Value));
        UnitHierarchy? hierarchy = null;
        var bytes = Allocations.Of(() => hierarchy = UnitTexts.Units(input, levels));
        Assert.InRange(tokens.Reads, 0, ReadsALevel * (long)levels.Length * tokens.Count);
        Assert.Equal(input.Tokens.CountOf(0), hierarchy!.Leaves.Units.Sum(leaf => leaf.Tokens.Count));

        var longer = UnitTexts.Prepare(Longer.Value);
        Assert.InRange(Allocations.Of(() => UnitTexts.Units(longer, levels)), 0, Twice * bytes);
    }

    [Theory]
    [InlineData(OffsetUnit.Utf16)]
    [InlineData(OffsetUnit.Codepoint)]
    public void Ten_thousand_spans_read_each_token_and_each_span_a_few_times(OffsetUnit unit)
    {
        var (input, tokens) = Counted(UnitTexts.Prepare(Text.Value, unit: unit));
        var words = UnitTexts.Units(input, Granularity.Word).Leaves.Units.TakeLast(10_000).ToArray();
        var spans = new CountedList<IReadOnlyList<int>>([
            .. words.Select(word => new[] { input.Offsets.Of(0, word.Start), input.Offsets.Of(0, word.End) }),
        ]);
        var before = tokens.Reads;
        IReadOnlyList<Unit> units = [];
        var bytes = Allocations.Of(() => units = UnitTexts.Units(input, spans).Leaves.Units);
        Assert.InRange(tokens.Reads - before, 0, ReadsALevel * (long)tokens.Count);
        Assert.InRange(spans.Reads, 0, 4 * spans.Count);
        Assert.Equal(words.Select(word => (word.Start, word.End)), units.Select(span => (span.Start, span.End)));
        Assert.Equal(words.SelectMany(word => word.Tokens), units.SelectMany(span => span.Tokens));

        var half = spans.Skip(5_000).ToArray();
        Assert.InRange(bytes, 0, Twice * Allocations.Of(() => UnitTexts.Units(input, half)));
    }

    private static (PreparedInput Input, CountedList<Token> Tokens) Counted(PreparedInput input)
    {
        var tokens = new CountedList<Token>(input.Tokens.Tokens);
        var encoding = new Encoding(tokens);
        return (input with { Tokens = encoding, Windows = [encoding] }, tokens);
    }
}
