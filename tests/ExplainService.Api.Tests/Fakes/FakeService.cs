using System.Text;
using ExplainService.Methods;
using ExplainService.Runtime;
using ExplainService.Testing;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Serilog.Core;

namespace ExplainService.Api.Tests.Fakes;

/// <summary>The whole HTTP side on a real Kestrel and a real port, over a fake explainer.</summary>
internal sealed class FakeService : IAsyncDisposable
{
    private readonly WebApplicationFactory<Program> factory;

    public FakeService(bool loaded = true, params (string Key, string Value)[] settings)
        : this(null, loaded, settings) { }

    /// <param name="time">The service's clock, if it is not the machine's.</param>
    /// <param name="loaded">Whether models load at once.</param>
    /// <param name="settings">Of the service.</param>
    public FakeService(TimeProvider? time, bool loaded, params (string Key, string Value)[] settings)
    {
        if (loaded)
        {
            Models.Loading.SetResult();
        }

        factory = new WebApplicationFactory<Program>().WithWebHostBuilder(host =>
        {
            host.UseSetting("urls", "http://127.0.0.1:0");
            foreach (var (key, value) in settings)
            {
                host.UseSetting(key, value);
            }

            host.ConfigureTestServices(services =>
            {
                services.Replace(ServiceDescriptor.Singleton<IModelRegistry>(Models));
                services.Replace(ServiceDescriptor.Singleton<IExplainer>(Explainer));
                services.AddSingleton<ILogEventSink>(Logs);
                if (time is not null)
                {
                    services.Replace(ServiceDescriptor.Singleton(time));
                }
            });
        });
        factory.UseKestrel();
        Client = factory.CreateClient();
        Client.Timeout = Patience.Ample;
    }

    public FakeModels Models { get; } = new();

    public FakeExplainer Explainer { get; } = new();

    public CapturedLogs Logs { get; } = new();

    public HttpClient Client { get; }

    public IServiceProvider Services => factory.Services;

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

    public ValueTask DisposeAsync()
    {
        Client.Dispose();
        return factory.DisposeAsync();
    }
}
