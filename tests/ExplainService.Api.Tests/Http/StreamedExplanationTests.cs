using System.Text;
using System.Text.Json.Nodes;

namespace ExplainService.Api.Tests.Http;

/// <summary>A line of a stream is answered as the same request alone would be.</summary>
public sealed class StreamedExplanationTests(Service service) : IClassFixture<Service>
{
    [Theory]
    [MemberData(nameof(CataloguePaths.CountingEvaluations), MemberType = typeof(CataloguePaths))]
    public async Task A_line_counts_its_own_evaluations_whatever_else_the_stream_holds(string path)
    {
        string[] lines =
        [
            .. ((string[])["a dull film", "not a dull film at all", "a film"]).Select(text =>
                new JsonObject { ["text"] = text }.ToJsonString()
            ),
        ];

        using var content = new StringContent(string.Join('\n', lines), Encoding.UTF8, "application/x-ndjson");
        using var response = await service.Client.PostAsync(new Uri(path, UriKind.Relative), content);
        var answers = (await response.Content.ReadAsStringAsync())
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(Evaluations)
            .ToArray();

        var alone = new List<int>();
        foreach (var line in lines)
        {
            using var one = new StringContent(line, Encoding.UTF8, "application/json");
            using var answer = await service.Client.PostAsync(new Uri(path, UriKind.Relative), one);
            alone.Add(Evaluations(await answer.Content.ReadAsStringAsync()));
        }

        Assert.Equal(alone, answers);
        Assert.All(alone, evaluations => Assert.InRange(evaluations, 1, 500));
    }

    private static int Evaluations(string answer) => JsonNode.Parse(answer)!["evaluations"]!.GetValue<int>();
}
