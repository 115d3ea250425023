using System.Text.Json.Nodes;
using ExplainService.Api.Tests.Fakes;

namespace ExplainService.Api.Tests.Http;

/// <summary>A line's <c>id</c> comes back as it was sent, in its answer or its problem.</summary>
public sealed class LineNameTests
{
    [Theory]
    [MemberData(nameof(CataloguePaths.All), MemberType = typeof(CataloguePaths))]
    public async Task A_line_s_name_comes_back_in_its_answer_or_its_problem(string path)
    {
        await using var service = new FakeService();
        (string Line, string? Name, int? Status)[] lines =
        [
            ("""{"id": "first é \"", "text": "a"}""", "\"first é \\\"\"", null),
            ("""{"text": "b", "id": 12345678901234567890.50}""", "12345678901234567890.50", null),
            ("""{"id": 7, "mehtod": 1, "text": "c"}""", "7", 400),
            ("""{"text": {"id": 1}, "id": "x"}""", "\"x\"", 400),
            ("""{"text": "d"}""", null, null),
            ("""{"id": [1], "text": "e"}""", null, 400),
            ("""{"id": 8, "text": }""", "8", 400),
            ("""{"id": -1e-3, "text": "f"}""", "-1e-3", null),
            ("""["id"]""", null, 400),
        ];

        using var response = await service.PostAsync(path, string.Join('\n', lines.Select(line => line.Line)), "application/x-ndjson");

        var answers = (await response.Content.ReadAsStringAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(lines.Length, answers.Length);
        foreach (var (answer, line) in answers.Zip(lines))
        {
            var json = JsonNode.Parse(answer)!;
            Assert.Equal(
                line.Name,
                json["id"]?.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping })
            );
            Assert.Equal(line.Status, (int?)json["status"]);
        }
    }

    [Fact]
    public async Task A_name_that_is_neither_text_nor_number_is_told_so()
    {
        await using var service = new FakeService();

        using var response = await service.PostAsync("/predict", """{"id": true, "text": "a"}""");

        Assert.Equal(["must be a string or a number"], (await response.ProblemAsync(400)).Errors!["id"]);
    }
}
