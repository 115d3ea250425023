using ExplainService.Jobs;
using ExplainService.Jobs.Service;
using ExplainService.Methods;
using ExplainService.Protocol.Problems;
using ExplainService.Runtime;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace ExplainService.Api.Tests.Jobs;

/// <summary><c>Jobs:RetentionDays</c>: what has ended goes when its time is over.</summary>
public sealed class JobRetentionTests(JobsService service) : IClassFixture<JobsService>
{
    private const int Days = 30;

    [Fact]
    public async Task A_job_that_has_ended_is_removed_after_its_days_and_one_that_goes_on_is_not()
    {
        var ended = await service.RunJobAsync(new { kind = "predict" }, 3);
        var paused = (
            await service.Client.PostFileAsync(
                new { kind = "explain", request = new { endpoint = "/occlusion" } },
                AskingForJobs.Sentences(192),
                "sentences.ndjson"
            )
        ).Id();
        await service.Client.ChangeAsync(paused, "pause");
        var end = (await service.Client.JobAsync(ended)).GetProperty("finished").GetDateTimeOffset();
        var time = new FakeTimeProvider(end.AddDays(Days).AddSeconds(-1));
        using var keeper = new JobService(
            new JobOptions { Directory = service.Jobs, RetentionDays = Days },
            service.Services.GetRequiredService<IExplainer>(),
            service.Services.GetRequiredService<MethodCatalog>(),
            service.Services.GetRequiredService<IModelRegistry>(),
            service.Services.GetRequiredService<WorkMemory>(),
            service.Services.GetRequiredService<IJobObserver>(),
            time
        );

        await keeper.CleanAsync(TestContext.Current.CancellationToken);
        var before = await keeper.GetAsync(ended, TestContext.Current.CancellationToken);
        time.Advance(TimeSpan.FromDays(1));
        await keeper.CleanAsync(TestContext.Current.CancellationToken);

        Assert.Equal(ended, before.Id);
        await Assert.ThrowsAsync<RefusedRequestException>(() => keeper.GetAsync(ended, TestContext.Current.CancellationToken));
        using var results = await service.Client.GetAsync(new Uri($"/jobs/{ended}/results", UriKind.Relative));
        Assert.Equal(404, (int)results.StatusCode);
        Assert.Equal(paused, (await keeper.GetAsync(paused, TestContext.Current.CancellationToken)).Id);
    }
}
