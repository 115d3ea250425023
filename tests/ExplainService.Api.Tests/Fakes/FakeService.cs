using System.Text;
using ExplainService.Methods;
using ExplainService.Runtime;
using ExplainService.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Serilog.Core;

namespace ExplainService.Api.Tests.Fakes;

/// <summary>The whole HTTP side on a real Kestrel and a real port, over a fake explainer.</summary>
internal sealed class FakeService : TestHost
{
    private readonly TimeProvider? time;
    private readonly (string Key, string Value)[] settings;

    public FakeService(bool loaded = true, params (string Key, string Value)[] settings)
        : this(null, loaded, settings) { }

    /// <param name="time">The service's clock, if it is not the machine's.</param>
    /// <param name="loaded">Whether models load at once.</param>
    /// <param name="settings">Of the service.</param>
    public FakeService(TimeProvider? time, bool loaded, params (string Key, string Value)[] settings)
    {
        (this.time, this.settings) = (time, settings);
        if (loaded)
        {
            Models.Loading.SetResult();
        }

        UseKestrel();
        StartServer();
    }

    public FakeModels Models { get; } = new();

    public FakeExplainer Explainer { get; } = new();

    public CapturedLogs Logs { get; } = new();

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

    protected override void ConfigureServices(IServiceCollection services)
    {
        services.Replace(ServiceDescriptor.Singleton<IModelRegistry>(Models));
        services.Replace(ServiceDescriptor.Singleton<IExplainer>(Explainer));
        services.AddSingleton<ILogEventSink>(Logs);
        if (time is not null)
        {
            services.Replace(ServiceDescriptor.Singleton(time));
        }
    }
}
