using System.Text;
using System.Text.Json.Nodes;

namespace ExplainService.Api.Tests.Adapters;

/// <summary>No protocol answers about a text that was cut without saying so.</summary>
public sealed class PeerTruncationTests(Service service) : IClassFixture<Service>
{
    private const string Model = "minilm-sst2";

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
        var (path, body, type) = PeerCalls.Of(name, Model, string.Join(' ', Enumerable.Repeat("fun", 600)));
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
        using var answer = await service.Client.PostAsync(new Uri(path, UriKind.Relative), content, TestContext.Current.CancellationToken);

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
}
