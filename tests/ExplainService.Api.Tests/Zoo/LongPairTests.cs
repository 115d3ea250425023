using ExplainService.Methods.Occlusion;
using ExplainService.Methods.Predictions;

namespace ExplainService.Api.Tests.Zoo;

/// <summary>Two texts of which one is over the model's limit (96 tokens): windows slide over it and show all of the other.</summary>
public sealed class LongPairTests(ZooService service) : IClassFixture<ZooService>
{
    private const string Model = "bert-cls";
    private const string Short = "the acting is worse";
    private const int Limit = 96;

    private static readonly string Long = string.Join(
        ' ',
        Enumerable.Range(0, 30).Select(index => index % 2 == 0 ? "the acting is worse" : "a gripping, funny film!")
    );

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_is_explained_is_the_mean_over_windows_of_the_long_text_beside_the_short_one(bool longFirst)
    {
        var request = new
        {
            model = Model,
            text = longFirst ? Long : Short,
            pair = longFirst ? Short : Long,
            overflow = "window",
            target = new { label = 1 },
            granularity = "sentence",
        };
        var answer = await service.AskAsync<OcclusionAnswer>("/occlusion", request);
        var tokens = answer.Tokens.ToArray();
        var slid = tokens.Where(token => !token.Special && (token.In is not null) != longFirst).ToArray();
        var room = Limit - (tokens.Length - slid.Length);
        var probabilities = new List<double>();
        foreach (var (first, end) in Windows(slid.Length, room))
        {
            var part = Long[slid[first].Start..slid[end - 1].End];
            var alone = await service.AskAsync<PredictAnswer>(
                "/predict",
                new
                {
                    model = Model,
                    text = longFirst ? part : Short,
                    pair = longFirst ? Short : part,
                }
            );
            probabilities.Add(alone.Prediction!.Labels![1].Probability!.Value);
        }

        Assert.True(probabilities.Count > 2);
        Assert.Equal(probabilities.Average(), answer.Value, 1e-5);
        Assert.Contains(
            longFirst ? "windows of \"text\", each with all of \"pair\"" : "windows of \"pair\", each with all of \"text\"",
            answer.WarningOf("text_in_windows"),
            StringComparison.Ordinal
        );

        // The short text is in every window: without it they all change.
        var score = answer.Units.Single(unit => (unit.In is not null) == longFirst).Score!.Value;
        Assert.NotEqual(0, score);
    }

    [Fact]
    public async Task Two_long_texts_are_refused_with_what_to_do()
    {
        var problem = await service.RefuseAsync(
            "/occlusion",
            new
            {
                model = Model,
                text = Long + " " + Long,
                pair = Long,
                overflow = "window",
            }
        );
        Assert.Contains("shorten it", problem.Errors!["pair"][0], StringComparison.Ordinal);
    }

    private static IEnumerable<(int First, int End)> Windows(int count, int room)
    {
        for (var start = 0; start + room < count; start += room - (room / 4))
        {
            yield return (start, start + room);
        }

        yield return (count - room, count);
    }
}
