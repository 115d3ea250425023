using ExplainService.Methods.Numerics;
using ExplainService.Methods.Saliency;
using Xunit;

namespace ExplainService.Tests.Methods.Saliency;

/// <summary>Standard errors of sampled saliency: the true value lies within two of them about 95 % of the time.</summary>
public sealed class UnitSpreadTests
{
    [Theory]
    [InlineData(25, false)]
    [InlineData(25, true)]
    [InlineData(5, false)]
    [InlineData(5, true)]
    [InlineData(3, false)]
    [InlineData(2, false)]
    [InlineData(2, true)]
    public void The_true_mean_is_within_two_standard_errors_about_95_percent_of_the_time(int draws, bool inStrata)
    {
        var (within, total) = (0, 0);
        for (var seed = 0; seed < 400; seed++)
        {
            var random = new SeededRandom(seed);
            var spread = new UnitSpread(
                [
                    [0, 1],
                    [1],
                ],
                inStrata
            );
            var means = new double[2];
            for (var draw = 0; draw < draws; draw++)
            {
                var alpha = ((inStrata ? draw : 0) + random.NextDouble()) / (inStrata ? draws : 1);
                double[] scores = [Math.Exp(alpha), -alpha * alpha];
                spread.Add(scores);
                means[0] += (scores[0] + scores[1]) / draws;
                means[1] += scores[1] / draws;
            }

            double[] truth = [Math.E - 1 - (1 / 3.0), -1 / 3.0];
            var errors = spread.Errors()!;
            within += Enumerable.Range(0, 2).Count(unit => Math.Abs(means[unit] - truth[unit]) <= 2 * errors[unit]);
            total += 2;
        }

        Assert.InRange((double)within / total, draws < 10 ? 0.88 : 0.91, draws < 10 ? 1 : 0.98);
    }

    [Fact]
    public void One_draw_tells_nothing_of_the_spread()
    {
        var spread = new UnitSpread(
            [
                [0],
            ],
            inStrata: true
        );
        spread.Add([1]);
        Assert.Null(spread.Errors());
        spread.Add([3]);
        Assert.InRange(spread.Errors()![0], 6, 7);
    }
}
