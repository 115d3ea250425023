using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.RegularExpressions;
using ExplainService.Testing;

namespace ExplainService.Api.Tests.Fakes;

/// <summary>The whole HTTP side on a real Kestrel and a real port, over a fake explainer.</summary>
internal sealed class FakeService : FakeHost
{
    private readonly (string Key, string Value)[] settings;

    public FakeService(bool loaded = true, params (string Key, string Value)[] settings)
        : this(null, loaded, settings) { }

    /// <param name="time">The service's clock, if it is not the machine's.</param>
    /// <param name="loaded">Whether models load at once.</param>
    /// <param name="settings">Of the service.</param>
    public FakeService(TimeProvider? time, bool loaded, params (string Key, string Value)[] settings)
        : base(time)
    {
        this.settings = settings;
        if (loaded)
        {
            Models.Loading.SetResult();
        }

        UseKestrel();
        StartServer();
    }

    protected override IEnumerable<(string Key, string Value)> Settings => [("urls", "http://127.0.0.1:0"), .. settings];

    /// <summary>What a scraper gets, once it matches: a request is counted when it has ended, a moment after its answer.</summary>
    public async Task<string> MetricsAsync([StringSyntax(StringSyntaxAttribute.Regex)] params string[] patterns)
    {
        var metrics = "";
        await Patience.UntilAsync(
            async () =>
            {
                metrics = await Client.GetStringAsync(new Uri("/metrics", UriKind.Relative));
                return Array.TrueForAll(patterns, pattern => Regex.IsMatch(metrics, pattern));
            },
            () => $"{string.Join(" and ", patterns)} are not all in\n{metrics}"
        );
        return metrics;
    }

    public Task<HttpResponseMessage> PostAsync(string path, string body, string type = "application/json") =>
        PostAsync(path, Encoding.UTF8.GetBytes(body), type);

    public async Task<HttpResponseMessage> PostAsync(string path, byte[] body, string? type = "application/json")
    {
        using var content = new ByteArrayContent(body);
        if (type is not null)
        {
            content.Headers.TryAddWithoutValidation("Content-Type", type);
        }

        return await Client.PostAsync(path, content);
    }
}
