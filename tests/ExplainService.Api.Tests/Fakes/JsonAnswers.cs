using System.Text.Json;
using System.Text.Json.Nodes;
using ExplainService.Api.Contracts;
using ExplainService.Protocol.Problems;

namespace ExplainService.Api.Tests.Fakes;

/// <summary>Reading answers in tests.</summary>
internal static class JsonAnswers
{
    /// <summary>As strict as the service is with requests.</summary>
    public static JsonSerializerOptions Options { get; } = ApiJson.Options;

    /// <summary>The body as JSON.</summary>
    public static async Task<JsonNode> JsonAsync(this HttpResponseMessage response) =>
        JsonNode.Parse(await response.Content.ReadAsStringAsync())!;

    /// <summary>The body as the record that it was written from.</summary>
    public static async Task<TAnswer> ReadAsync<TAnswer>(this HttpResponseMessage response) =>
        JsonSerializer.Deserialize<TAnswer>(await response.Content.ReadAsStringAsync(), Options)!;

    /// <summary>The body as a problem, after checking that it is a whole one.</summary>
    public static async Task<Problem> ProblemAsync(this HttpResponseMessage response, int status)
    {
        var body = await response.Content.ReadAsStringAsync();
        Assert.True(status == (int)response.StatusCode, $"{(int)response.StatusCode} rather than {status}: {body}");
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var problem = JsonSerializer.Deserialize<Problem>(body, Options)!;
        Assert.Equal(status, problem.Status);
        foreach (var field in (string?[])[problem.Type, problem.Title, problem.Detail, problem.TraceId])
        {
            Assert.False(string.IsNullOrWhiteSpace(field), $"type, title, detail or trace_id is missing: {body}");
        }

        return problem;
    }
}
