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

        // Room for two more seconds is there when each of the eight has a quarter of one less than two left of its eight.
        Assert.Equal((false, TimeSpan.FromSeconds(50)), (refused.Unavailable, refused.RetryAfter));
        foreach (var request in admitted)
        {
            Assert.Equal(1000, (await harness.Finish(request)).Count);
        }

        Assert.Equal(TimeSpan.Zero, harness.Scheduler.Backlog);
        Assert.Equal([5], await harness.Finish(harness.Start(device, [Row(5)])));
    }

    [Fact]
    public async Task An_account_that_fills_the_queue_for_itself_leaves_it_open_to_others()
    {
        using var harness = new SchedulerHarness(maxQueueSeconds: 16);
        var device = new FakeDevice(shares: false);
        var account = new WorkAccount();
        var admitted = Enumerable.Range(0, 8).Select(i => harness.Start(device, Rows(i * 1000, 1000), Of(account))).ToList();

        await Assert.ThrowsAsync<ServiceBusyException>(() => harness.Start(device, Rows(0, 1000), Of(account)));
        var other = await harness.Finish(harness.Start(device, Rows(20_000, 1000), Of(new WorkAccount())));

        Assert.Equal(1000, other.Count);
        await harness.Finish(Task.WhenAll(admitted));

        static WorkOptions Of(WorkAccount account) => Expecting(1000) with { Meter = new WorkMeter(account: account) };
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
    public async Task A_small_request_is_let_in_beside_many_long_ones_which_it_does_not_wait_for()
    {
        using var harness = new SchedulerHarness(maxQueueSeconds: 16);
        var device = new FakeDevice(shares: false);
        var admitted = Enumerable.Range(0, 8).Select(i => harness.Start(device, Rows(i * 1000, 1000), Expecting(1000))).ToList();
        Assert.Equal([5], await harness.Finish(harness.Start(device, [Row(5)])));
        Assert.All(admitted, request => Assert.False(request.IsCompleted));
    }

    [Fact]
    public async Task Very_many_small_requests_fill_the_queue()
    {
        using var harness = new SchedulerHarness(maxQueueSeconds: 1);
        var device = new FakeDevice(shares: false);
        var admitted = Enumerable.Range(0, 124).Select(i => harness.Start(device, [Row(i)])).ToList();
        await Assert.ThrowsAsync<ServiceBusyException>(() => harness.Start(device, Rows(0, 2)));
        foreach (var request in admitted)
        {
            await harness.Finish(request);
        }
    }

    [Fact]
    [Slow]
    public async Task The_lines_of_a_stream_count_as_one_caller()
    {
        using var harness = new SchedulerHarness(maxQueueSeconds: 16);
        var device = new FakeDevice(shares: false);
        var streams = Enumerable.Range(0, 8).Select(_ => new WorkMeter()).ToList();
        var admitted = streams.SelectMany(stream => Enumerable.Range(0, 16).Select(_ => Start(stream))).ToList();

        // What gives way to interactive requests does not keep them out.
        Assert.Equal([5], await harness.Finish(harness.Start(device, Rows(5, 1), Expecting(1000))));
        await Assert.ThrowsAsync<ServiceBusyException>(() => Start(new WorkMeter()));
        foreach (var request in admitted)
        {
            await harness.Finish(request);
        }

        Assert.All(streams, stream => Assert.Equal(16_000, stream.Rows));

        Task<List<int>> Start(WorkMeter stream) =>
            harness.Start(
                device,
                Rows(0, 1000),
                new WorkOptions
                {
                    ExpectedRows = 1000,
                    Priority = WorkPriority.Batch,
                    Meter = new WorkMeter(stream),
                }
            );
    }

    [Fact]
    public async Task Stopping_fails_the_rows_that_still_wait()
    {
        var harness = new SchedulerHarness();
        var request = harness.Start(new FakeDevice(), Rows(0, 100));
        harness.Dispose();
        Assert.True((await Assert.ThrowsAsync<ServiceBusyException>(() => request)).Unavailable);
    }

    [Fact]
    public async Task What_has_a_deadline_counts_for_no_longer_than_that()
    {
        using var harness = new SchedulerHarness(maxQueueSeconds: 16);
        var device = new FakeDevice(shares: false);
        var admitted = Enumerable
            .Range(0, 30)
            .Select(i => harness.Start(device, Rows(i * 1000, 1000), Expecting(1000) with { TimeLeft = () => TimeSpan.FromSeconds(0.1) }))
            .ToList();

        // Thirty of eight seconds each would fill the queue; each leaves it after a tenth of one.
        Assert.Equal([5], await harness.Finish(harness.Start(device, [Row(5)], Expecting(1000))));
        Assert.All(admitted, request => Assert.False(request.IsFaulted));
    }

    [Fact]
    public async Task What_would_come_after_its_deadline_is_told_so_at_once()
    {
        using var harness = new SchedulerHarness();
        var device = new FakeDevice(shares: false);
        var busy = harness.Start(device, Rows(0, 1000), Expecting(1000));
        var late = Expecting(125) with { TimeLeft = () => TimeSpan.FromSeconds(1.5), NeedsAll = true };

        // A second of work, beside which the other has a second too.
        var refused = await Assert.ThrowsAsync<ServiceBusyException>(() => harness.Start(device, Rows(2000, 125), late));

        Assert.Equal((false, TimeSpan.FromSeconds(1)), (refused.Unavailable, refused.RetryAfter));
        var partial = harness.Start(device, Rows(4000, 125), late with { NeedsAll = false });
        var inTime = harness.Start(
            device,
            Rows(3000, 125),
            late with
            {
                TimeLeft = () => TimeSpan.FromSeconds(4),
                Meter = new WorkMeter(),
            }
        );
        Assert.False(partial.IsFaulted || inTime.IsFaulted);
        await harness.Finish(busy);
    }

    [Fact]
    public async Task Nobody_is_told_to_come_back_later_than_in_a_minute()
    {
        using var harness = new SchedulerHarness(maxQueueSeconds: 160);
        var device = new FakeDevice(shares: false);
        var admitted = Enumerable.Range(0, 8).Select(i => harness.Start(device, Rows(i * 10_000, 10_000), Expecting(10_000))).ToList();

        var refused = await Assert.ThrowsAsync<ServiceBusyException>(() => harness.Start(device, Rows(0, 10_000), Expecting(10_000)));

        Assert.Equal(TimeSpan.FromMinutes(1), refused.RetryAfter);
        Assert.All(admitted, request => Assert.False(request.IsCompleted));
    }

    private static WorkOptions Expecting(int rows) => new() { ExpectedRows = rows };
}
