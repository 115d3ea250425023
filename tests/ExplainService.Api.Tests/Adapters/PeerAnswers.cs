using System.Text;
using System.Text.Json;
using ExplainService.Api.Tests.Access;
using ExplainService.Testing;
using ModelContextProtocol.Client;

namespace ExplainService.Api.Tests.Adapters;

/// <summary>Asking a service as the clients of other services do.</summary>
internal static class PeerAnswers
{
    /// <summary>Scores of the same request by two ways: the rows that share a batch may change the last bits.</summary>
    public const double Tolerance = 2e-5;

    /// <summary>Sends a request as it was recorded.</summary>
    public static async Task<(int Status, string Body)> SendAsync(
        this TestHost service,
        string path,
        string body,
        string type = "application/json",
        params (string Name, string Value)[] headers
    )
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(path, UriKind.Relative));
        request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var answer = await service.Client.SendAsync(request, TestContext.Current.CancellationToken);
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    /// <summary>The answer to a request that must succeed.</summary>
    public static async Task<JsonElement> SentAsync(
        this TestHost service,
        string path,
        string body,
        string type = "application/json",
        params (string Name, string Value)[] headers
    )
    {
        var (status, answer) = await service.SendAsync(path, body, type, headers);
        Assert.True(status == 200, $"{path}: {status} {answer[..Math.Min(answer.Length, 1000)]}");
        return Asking.Parse(answer);
    }

    /// <summary>A client of the Model Context Protocol.</summary>
    /// <param name="service">Whose tools it calls.</param>
    /// <param name="key">The name of the key that it has; null: none.</param>
    public static Task<McpClient> McpAsync(this TestHost service, string? key = null)
    {
        var options = new HttpClientTransportOptions
        {
            Endpoint = new Uri(service.Client.BaseAddress!, "/mcp"),
            TransportMode = HttpTransportMode.StreamableHttp,
            AdditionalHeaders = key is null ? null : new Dictionary<string, string> { ["X-Api-Key"] = TestKeys.Of(key) },
        };
        return McpClient.CreateAsync(
            new HttpClientTransport(options, service.Client, ownsHttpClient: false),
            cancellationToken: TestContext.Current.CancellationToken
        );
    }

    /// <summary>What a path answers to GET.</summary>
    public static async Task<(int Status, JsonElement Body)> GetAsync(this TestHost service, string path)
    {
        using var answer = await service.Client.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
        var body = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return ((int)answer.StatusCode, Asking.Parse(body));
    }

    /// <summary>Numbers that must be the same but for their last bits.</summary>
    public static void AssertSame(IEnumerable<double> expected, IEnumerable<double> actual)
    {
        var (wanted, given) = (expected.ToArray(), actual.ToArray());
        Assert.NotEmpty(wanted);
        Assert.Equal(wanted.Length, given.Length);
        Assert.All(wanted.Zip(given), pair => Assert.Equal(pair.First, pair.Second, Tolerance));
    }

    /// <summary>A field of each element of a list, as numbers.</summary>
    public static IEnumerable<double> Numbers(this JsonElement list, string? field = null) =>
        list.EnumerateArray().Select(item => (field is null ? item : item.GetProperty(field)).GetDouble());

    /// <summary>A field of each element of a list, as texts.</summary>
    public static IEnumerable<string?> Texts(this JsonElement list, string? field = null) =>
        list.EnumerateArray().Select(item => (field is null ? item : item.GetProperty(field)).GetString());
}
