using ExplainService.Api.Tests.Fakes;
using ExplainService.Methods;
using ExplainService.Runtime;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Time.Testing;

namespace ExplainService.Api.Tests;

/// <summary>
/// A service in which time passes by rows: each row that a model answers takes 200 ms, and nothing else takes any. A deadline is then a
/// number of rows, the same on every machine.
/// </summary>
public sealed class RowTimedService : Service
{
    public const int RowMilliseconds = 200;

    private readonly FakeTimeProvider time = new();

    /// <summary>Rows that models have answered.</summary>
    public int Rows { get; private set; }

    protected override void ConfigureServices(IServiceCollection services) =>
        services.Replace(
            ServiceDescriptor.Singleton<IExplainer>(provider => new Explainer(
                new TimedModels(provider.GetRequiredService<IModelRegistry>(), Answered),
                provider.GetRequiredService<MethodCatalog>(),
                time
            ))
        );

    private void Answered()
    {
        Rows++;
        time.Advance(TimeSpan.FromMilliseconds(RowMilliseconds));
    }
}
