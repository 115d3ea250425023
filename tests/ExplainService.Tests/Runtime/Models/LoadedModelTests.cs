using ExplainService.Goldens;
using ExplainService.Runtime;
using ExplainService.Runtime.Models;
using ExplainService.Runtime.Scheduling;
using ExplainService.Runtime.Sessions;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace ExplainService.Tests.Runtime.Models;

public sealed class LoadedModelTests : IAsyncDisposable
{
    private readonly ModelRegistry registry = new(
        new ModelOptions
        {
            PrepareForms = false,
            Directory = ReferenceData.BundledModels,
            Default = "minilm-sst2",
        },
        new RuntimeOptions { MeasureFast = false },
        new FakeTimeProvider()
    );

    private static CancellationToken None => CancellationToken.None;

    public ValueTask DisposeAsync() => registry.DisposeAsync();

    [Fact]
    [Slow]
    public async Task A_fault_in_making_the_int8_form_is_told_as_one_of_this_service_and_logged()
    {
        var observer = new RecordingObserver();
        var read = (LoadedModel)await registry.GetAsync(null, None);
        using var scheduler = new Scheduler(new SchedulerOptions { Workers = 0 }, new FakeTimeProvider());
        using var lease = await read.UseAsync(None);
        var model = new LoadedModel(read.Read, lease.Forms, () => throw new FormatException("odd"), scheduler, observer);
        await model.RetireAsync();

        await model.MeasureFastAsync();

        Assert.Equal("This service could not make the int8 form.", model.Fast?.Refusal);
        Assert.Equal("odd", Assert.IsType<FormatException>(Assert.Single(observer.Faults)).Message);
    }

    [Fact]
    [Slow]
    public async Task What_keeps_the_int8_form_from_being_made_is_told()
    {
        var read = (LoadedModel)await registry.GetAsync(null, None);
        using var scheduler = new Scheduler(new SchedulerOptions { Workers = 0 }, new FakeTimeProvider());
        using var lease = await read.UseAsync(None);
        var observer = new RecordingObserver();
        var model = new LoadedModel(read.Read, lease.Forms, () => throw new IOException("The disk is gone."), scheduler, observer);
        await model.RetireAsync();

        await model.MeasureFastAsync();

        Assert.Equal("The int8 form could not be made: The disk is gone.", model.Fast?.Refusal);
        Assert.Empty(observer.Faults);
    }

    [Fact]
    [Slow]
    public async Task A_form_that_is_being_made_when_its_caller_leaves_is_finished_before_the_model_is_freed()
    {
        var model = (LoadedModel)await registry.GetAsync(null, None);
        var lease = await model.UseAsync(None);
        var making = lease.Forms.GradientAsync(new GradientSpec(Objective.Logit, Link.Softmax));
        lease.Dispose();

        await model.RetireAsync();

        Assert.True((await making).TokenBudget > 1);
    }
}
