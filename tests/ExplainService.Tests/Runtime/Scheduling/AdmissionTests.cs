using ExplainService.Runtime;
using Xunit;
using static ExplainService.Tests.Runtime.Scheduling.FakeDevice;

namespace ExplainService.Tests.Runtime.Scheduling;

public sealed class AdmissionTests
{
    [Fact]
    public async Task Requests_are_refused_by_the_cost_of_what_is_queued()
    {
        // A row of 8 tokens costs 8 ms; a caller of 1000 rows 8 s, of which the share that one may have of 16 s counts: 2 s.
        using var harness = new SchedulerHarness(maxQueueSeconds: 16);
        var device = new FakeDevice(shares: false);
        var admitted = Enumerable.Range(0, 8).Select(i => harness.Start(device, Rows(i * 1000, 1000), Expecting(1000))).ToList();

        var refused = await Assert.ThrowsAsync<ServiceBusyException>(() => harness.Start(device, Rows(0, 1000), Expecting(1000)));

        Assert.Equal((false, TimeSpan.FromSeconds(2)), (refused.Unavailable, refused.RetryAfter));
        foreach (var request in admitted)
        {
            Assert.Equal(1000, (await harness.Finish(request)).Count);
        }

        Assert.Equal(TimeSpan.Zero, harness.Scheduler.Backlog);
        Assert.Equal([5], await harness.Finish(harness.Start(device, [Row(5)])));
    }

    [Fact]
    public async Task One_huge_request_is_let_in_and_leaves_room_for_others()
    {
        using var harness = new SchedulerHarness(maxQueueSeconds: 16);
        var device = new FakeDevice();
        var huge = harness.Start(device, Rows(0, 20_000), Expecting(20_000));
        Assert.Equal([5], await harness.Finish(harness.Start(device, [Row(5)])));
        Assert.False(huge.IsCompleted);
    }

    [Fact]
    public async Task A_request_that_was_let_in_is_not_refused_half_way()
    {
        using var harness = new SchedulerHarness(maxQueueSeconds: 1);
        var device = new FakeDevice(shares: false);
        var work = Expecting(100);
        await harness.Finish(harness.Start(device, [Row(1)], work));

        var others = Enumerable.Range(0, 8).Select(i => harness.Start(device, Rows(i * 100, 100), Expecting(100))).ToList();
        Assert.Equal([2], await harness.Finish(harness.Start(device, [Row(2)], work)));
        foreach (var other in others)
        {
            await harness.Finish(other);
        }
    }

    [Fact]
    public async Task Every_line_of_a_stream_is_weighed()
    {
        using var harness = new SchedulerHarness(maxQueueSeconds: 16);
        var device = new FakeDevice(shares: false);
        var stream = new WorkMeter();
        WorkOptions Line() => Expecting(1000) with { Meter = new WorkMeter(stream) };
        var admitted = Enumerable.Range(0, 8).Select(i => harness.Start(device, Rows(i * 1000, 1000), Line())).ToList();

        await Assert.ThrowsAsync<ServiceBusyException>(() => harness.Start(device, Rows(0, 1000), Line()));
        foreach (var request in admitted)
        {
            await harness.Finish(request);
        }

        Assert.Equal(8000, stream.Rows);
    }

    [Fact]
    public async Task Draining_finishes_what_was_let_in_and_refuses_the_rest()
    {
        using var harness = new SchedulerHarness();
        var device = new FakeDevice();
        var request = harness.Start(device, Rows(0, 100));
        var drained = harness.Scheduler.DrainAsync(CancellationToken.None);

        var refused = await Assert.ThrowsAsync<ServiceBusyException>(() => harness.Start(device, [Row(1)]));
        Assert.True(refused.Unavailable);
        Assert.False(drained.IsCompleted);
        Assert.Equal(100, (await harness.Finish(request)).Count);
        await drained;
    }

    [Fact]
    public async Task Stopping_fails_the_rows_that_still_wait()
    {
        var harness = new SchedulerHarness();
        var request = harness.Start(new FakeDevice(), Rows(0, 100));
        harness.Dispose();
        Assert.True((await Assert.ThrowsAsync<ServiceBusyException>(() => request)).Unavailable);
    }

    private static WorkOptions Expecting(int rows) => new() { ExpectedRows = rows };
}
