using ExplainService.Goldens;
using ExplainService.Runtime;
using ExplainService.Runtime.Models;
using ExplainService.Runtime.Sessions;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace ExplainService.Tests.Runtime.Models;

/// <summary>That a form was not ready in time says nothing of the model.</summary>
public sealed class LateFormTests : IAsyncDisposable
{
    private readonly FakeTimeProvider time = new();
    private readonly ModelRegistry registry;

    public LateFormTests() =>
        registry = new ModelRegistry(
            // The minute that passes must not end the batches that it compares.
            new ModelOptions
            {
                PrepareForms = false,
                BatchSeconds = 3600,
                Directory = ReferenceData.BundledModels,
            },
            new RuntimeOptions { TokenBudget = 256, MeasureFast = false },
            time
        );

    private static CancellationToken None => CancellationToken.None;

    public ValueTask DisposeAsync() => registry.DisposeAsync();

    [Fact]
    public async Task An_int8_form_that_is_late_is_not_remembered_as_refused()
    {
        var model = (LoadedModel)await registry.GetAsync("minilm-sst2", None);
        var asked = model.Runner.FastAsync(None);
        time.Advance(TimeSpan.FromSeconds(61));

        Assert.True((await Assert.ThrowsAsync<NotSupportedByModelException>(() => asked)).IsLate);

        Assert.Null(model.Fast);
        var quality = await model.Runner.FastAsync(None);
        Assert.Equal(quality, model.Fast?.Quality);
    }
}
