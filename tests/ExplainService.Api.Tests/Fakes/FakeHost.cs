using ExplainService.Methods;
using ExplainService.Runtime;
using ExplainService.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Serilog.Core;

namespace ExplainService.Api.Tests.Fakes;

/// <summary>The whole HTTP side over a fake explainer.</summary>
/// <param name="time">The service's clock, if it is not the machine's.</param>
internal abstract class FakeHost(TimeProvider? time) : TestHost
{
    public FakeModels Models { get; } = new();

    public FakeExplainer Explainer { get; } = new();

    public CapturedLogs Logs { get; } = new();

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
