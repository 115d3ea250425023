using System.Text.Json.Nodes;

namespace ExplainService.Api.Tests.Fakes;

/// <summary>Reading answers in tests.</summary>
internal static class JsonAnswers
{
    /// <summary>The body as JSON.</summary>
    public static async Task<JsonNode> JsonAsync(this HttpResponseMessage response) =>
        JsonNode.Parse(await response.Content.ReadAsStringAsync())!;

    /// <summary>The body as a problem, after checking that it is a whole one.</summary>
    public static async Task<JsonNode> ProblemAsync(this HttpResponseMessage response, int status)
    {
        var body = await response.Content.ReadAsStringAsync();
        Assert.True(status == (int)response.StatusCode, $"{(int)response.StatusCode} rather than {status}: {body}");
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var problem = JsonNode.Parse(body)!;
        Assert.Equal(status, (int)problem["status"]!);
        foreach (var field in (string[])["type", "title", "detail", "trace_id"])
        {
            Assert.False(string.IsNullOrWhiteSpace((string?)problem[field]), $"{field} is missing: {body}");
        }

        return problem;
    }
}
