using System.Text;
using System.Text.Json.Nodes;
using ExplainService.Api.Tests.Fakes;
using ModelContextProtocol.Protocol;

namespace ExplainService.Api.Tests.Adapters;

/// <summary>No protocol answers about a text that was cut without saying so.</summary>
public sealed class PeerTruncationTests(PeerTruncationTests.SmallService small) : IClassFixture<PeerTruncationTests.SmallService>
{
    private const string Model = "own";

    private static string Long { get; } = string.Join(' ', Enumerable.Repeat("fun", 600));

    /// <summary>How each protocol is asked to cut; completions never cut (400).</summary>
    [Theory]
    [InlineData("/v1/models/{m}:predict")]
    [InlineData("/v1/models/{m}:explain")]
    [InlineData("/v2/models/{m}/infer")]
    [InlineData("/invocations")]
    [InlineData("/predictions/{m}")]
    [InlineData("/explanations/{m}")]
    [InlineData("/v1/projects/p/locations/l/endpoints/{m}:predict")]
    [InlineData("/v1/projects/p/locations/l/endpoints/{m}:explain")]
    public async Task What_was_cut_is_told(string name)
    {
        var (path, body, type) = PeerCalls.Of(name, Model, Long);
        var request = JsonNode.Parse(body)!.AsObject();
        var fields = request.ContainsKey("text") ? request : (request["parameters"] = new JsonObject()).AsObject();
        fields["overflow"] = "truncate";
        if (name.EndsWith(":explain", StringComparison.Ordinal) || name.EndsWith("/infer", StringComparison.Ordinal))
        {
            fields["max_evaluations"] = 8;
            fields["granularity"] = "paragraph";
        }

        using var content = new StringContent(request.ToJsonString(), Encoding.UTF8);
        content.Headers.Remove("Content-Type");
        content.Headers.TryAddWithoutValidation("Content-Type", type);
        using var answer = await small.Service.Client.PostAsync(
            new Uri(path, UriKind.Relative),
            content,
            TestContext.Current.CancellationToken
        );

        var said = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccessStatusCode, said);
        Assert.Contains(
            "trunca",
            said
                + string.Join(
                    ' ',
                    answer.Headers.Where(header => header.Key.StartsWith("X-", StringComparison.Ordinal)).SelectMany(header => header.Value)
                ),
            StringComparison.OrdinalIgnoreCase
        );
    }

    /// <summary>Neither lines of CSV nor Clarify's attributions have a place for it, the header that SageMaker passes on has.</summary>
    [Theory]
    [InlineData("text/csv", null)]
    [InlineData("text/csv", "`true`")]
    [InlineData("application/jsonlines", "`true`")]
    [InlineData("application/jsonlines", "predicted_label == 'no such'")]
    public async Task What_was_cut_of_a_record_of_several_is_told_with_its_number(string accept, string? explained)
    {
        var records = $$"""
            {"text": "fun"}
            {"text": "{{Long}}", "overflow": "truncate"}
            """;
        using var request = new HttpRequestMessage(HttpMethod.Post, "/invocations");
        request.Content = new StringContent(records, Encoding.UTF8, "application/jsonlines");
        request.Headers.Accept.ParseAdd(accept);
        if (explained is not null)
        {
            request.Headers.TryAddWithoutValidation("X-Amzn-SageMaker-Enable-Explanations", explained);
        }

        using var answer = await small.Service.Client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        var told = Assert.Single(answer.Headers.GetValues("X-Amzn-SageMaker-Custom-Attributes"));
        Assert.Contains("1:text_truncated", told, StringComparison.Ordinal);
        Assert.DoesNotContain("0:text_truncated", told, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("predict")]
    [InlineData("explain")]
    [InlineData("compare")]
    [InlineData("counterfactual")]
    public async Task An_assistant_is_told_in_words_what_was_cut(string tool)
    {
        await using var client = await small.Service.McpAsync();

        var result = await client.CallToolAsync(
            tool,
            new Dictionary<string, object?> { ["text"] = Long, ["overflow"] = "truncate" },
            cancellationToken: TestContext.Current.CancellationToken
        );

        var said = result.Content.OfType<TextContentBlock>().First().Text;
        Assert.False(result.IsError == true, said);
        Assert.Contains("trunca", said, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>A model that reads few tokens, for all of these tests.</summary>
    public sealed class SmallService : IDisposable
    {
        internal OwnModels Service { get; } = new([Model]);

        public void Dispose() => Service.Dispose();
    }
}
