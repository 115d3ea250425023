using ExplainService.Jobs.Contracts;
using ExplainService.Jobs.Service;
using Microsoft.Extensions.DependencyInjection;

namespace ExplainService.Api.Tests.Jobs;

/// <summary>Who must know of a job before it is one.</summary>
public sealed class JobBegunTests(JobsService service) : IClassFixture<JobsService>
{
    private static readonly JobRequest Request = new()
    {
        Kind = JobKind.Predict,
        Input = new JobInput { Texts = ["a fine day"] },
    };

    [Fact]
    public async Task A_job_that_cannot_be_written_down_is_taken_back_and_one_that_there_is_stays()
    {
        var jobs = service.Services.GetRequiredService<JobService>();
        var stop = TestContext.Current.CancellationToken;

        await Assert.ThrowsAsync<InvalidDataException>(() =>
            jobs.CreateAsync(Request, null, "key", stop, begun: _ => throw new InvalidDataException())
        );
        Assert.Empty((await jobs.ListAsync(null, 10, null, stop)).Jobs);

        List<string> told = [];
        var first = await jobs.CreateAsync(Request, null, "key", stop, begun: job => told.Add(job.Id));
        var again = await jobs.CreateAsync(Request, null, "key", stop, begun: _ => throw new InvalidDataException());

        Assert.Equal(first.Id, again.Id);
        Assert.Equal([first.Id], told);
        Assert.Equal(first.Id, Assert.Single((await jobs.ListAsync(null, 10, null, stop)).Jobs).Id);
    }
}
