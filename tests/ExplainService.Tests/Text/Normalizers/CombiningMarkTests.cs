using ExplainService.Goldens;
using ExplainService.Text.Tokenization;
using Xunit;

namespace ExplainService.Tests.Text.Normalizers;

public sealed class CombiningMarkTests
{
    private static readonly Tokenizer Tokenizer = Tokenizer.Load(Path.Combine(ReferenceData.BundledModels, "minilm-sst2"));

    [Fact]
    public void Marks_in_any_order_are_the_same_letter()
    {
        // Dot below is of a lower class than the acute, so both orders are one canonical text.
        Assert.Equal(Ids("e\u0301\u0323t\u0308"), Ids("e\u0323\u0301t\u0308"));
        Assert.Equal(Ids("et"), Ids("e\u0301\u0323t\u0308"));
    }

    [Fact]
    [Slow]
    public void A_million_marks_on_one_letter_are_sorted_at_once_in_memory_proportional_to_them()
    {
        // Sorted by insertion they took minutes; the benchmarks' own measures their time.
        var half = Allocations.Of(() => Tokenizer.Encode(Marked(250_000)));
        var count = 0;
        var whole = Allocations.Of(() => count = Tokenizer.Encode(Marked(500_000)).Count);
        Assert.Equal(4, count);
        Assert.InRange(whole, 0, 2.3 * half);
    }

    private static string Marked(int pairs) => "a" + string.Concat(Enumerable.Repeat("\u0301\u0323", pairs)) + " b";

    private static IEnumerable<int> Ids(string text) => Tokenizer.Encode(text).Tokens.Select(token => token.Id);
}
