using System.Text;

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
