using System.Diagnostics;
using ExplainService.Goldens;
using ExplainService.Text.Tokenization;
using Xunit;

namespace ExplainService.Tests.Text;

[Collection(typeof(Alone))]
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
    public void A_million_marks_on_one_letter_take_no_more_time_than_as_many_letters()
    {
        var watch = Stopwatch.StartNew();
        var tokens = Tokenizer.Encode("a" + string.Concat(Enumerable.Repeat("\u0301\u0323", 500_000)) + " b");
        Assert.Equal(4, tokens.Tokens.Count);
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 5);
    }

    private static IEnumerable<int> Ids(string text) => Tokenizer.Encode(text).Tokens.Select(token => token.Id);
}
