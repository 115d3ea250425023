using ExplainService.Methods.Saliency;

namespace ExplainService.Api.Tests.Zoo;

/// <summary>
/// The zoo, whose float16, int8 and 4-bit variants are other functions: their attributions must be complete, and close to the base's.
/// </summary>
public sealed class ZooGoldenTests(ZooService service) : GoldenTests<Zoo>(service), IClassFixture<ZooService>
{
    public static TheoryData<string> Approximate => [.. ZooCase.Models(Zoo.Folder).Where(model => !ZooCase.IsExact(model))];

    [Theory]
    [MemberData(nameof(Approximate))]
    public async Task Another_precision_is_complete_and_close_to_its_base(string model)
    {
        foreach (var one in ZooCase.Of(Zoo.Folder, model))
        {
            var own = await AskAsync<SaliencyAnswer>(
                "/saliency",
                one,
                ("method", "integrated_gradients"),
                ("steps", 400),
                ("baseline", "pad")
            );
            var path = own.Path!.Select(point => point.Value).ToArray();
            Assert.InRange(own.CompletenessError!.Value, 0, 0.02 * Math.Max(1, Math.Abs(path[^1] - path[0])));
            var expected = one.PerToken(one.Golden.GetProperty("integrated_gradients").GetProperty("per_token"));
            Assert.True(Cosine(expected, Scores(one, own)) > 0.8, $"cosine {Cosine(expected, Scores(one, own)):g3}");
        }
    }

    private static double Cosine(double[] left, double[] right) =>
        left.Zip(right, (a, b) => a * b).Sum() / Math.Sqrt(left.Sum(a => a * a) * right.Sum(b => b * b));
}
