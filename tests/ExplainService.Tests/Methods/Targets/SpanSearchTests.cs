using ExplainService.Methods.Targets;
using ExplainService.Runtime;
using ExplainService.Text;
using Xunit;

namespace ExplainService.Tests.Methods.Targets;

/// <summary>The best valid spans against every pair of positions.</summary>
public sealed class SpanSearchTests
{
    [Fact]
    public void The_spans_found_are_the_strongest_of_all_valid_pairs()
    {
        var random = new Random(7);
        var encoding = new Encoding([
            .. Enumerable
                .Range(0, 50)
                .Select(index => new Token(
                    index,
                    "x",
                    0,
                    1,
                    index is 0 or 9 or 49,
                    0,
                    index is 0 or 9 or 49 ? -1
                        : index < 9 ? 0
                        : 1,
                    0
                )),
        ]);
        var logits = new Logits([.. Enumerable.Range(0, 100).Select(_ => (float)(4 * random.NextDouble()))], 2, 50);
        var expected = (
            from start in Enumerable.Range(10, 39)
            from end in Enumerable.Range(start, Math.Min(SpanSearch.MaxSpanLength, 49 - start))
            orderby logits[0][start] + (double)logits[1][end] descending
            select (start, end)
        ).Take(7);
        var found = SpanSearch.Best(logits, encoding, 7);
        Assert.Equal(expected, found.Select(span => (span.Start, span.End)));

        double Softmax(int line, int column) => Math.Exp(logits[line][column]) / logits[line].ToArray().Sum(logit => Math.Exp(logit));
        Assert.Equal(Softmax(0, found[0].Start) * Softmax(1, found[0].End), found[0].Probability, 1e-9);
        Assert.Equal(logits[0][found[0].Start] + (double)logits[1][found[0].End], found[0].Logit, 1e-6);
    }
}
