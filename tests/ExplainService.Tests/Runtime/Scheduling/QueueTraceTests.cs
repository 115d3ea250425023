using System.Collections.Concurrent;
using System.Diagnostics;
using Xunit;
using static ExplainService.Tests.Runtime.Scheduling.FakeDevice;

namespace ExplainService.Tests.Runtime.Scheduling;

/// <summary>What a trace shows of the queue.</summary>
public sealed class QueueTraceTests : IDisposable
{
    private readonly SchedulerHarness harness = new();
    private readonly ConcurrentQueue<Activity> ended = new();
    private readonly ActivitySource asking = new("tests of the queue");
    private readonly ActivityListener listener;

    public QueueTraceTests()
    {
        listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is "ExplainService.Queue" or "tests of the queue",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = ended.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
    }

    public void Dispose()
    {
        listener.Dispose();
        asking.Dispose();
        harness.Dispose();
    }

    [Fact]
    public async Task A_batch_is_linked_to_every_request_whose_rows_it_carries()
    {
        var device = new FakeDevice(tokenBudget: 64);
        var (first, one) = Begin(device, 0);
        var (second, other) = Begin(device, 10);
        await harness.Finish(first);
        await harness.Finish(second);

        var stays = new[] { StayOf(one), StayOf(other) };
        var batch = Assert.Single(ended, activity => activity.OperationName == "batch" && IsOf(activity, one));
        Assert.Equal(stays.Select(stay => stay.Context).ToHashSet(), batch.Links.Select(link => link.Context).ToHashSet());
        Assert.Equal(stays[0].SpanId, batch.ParentSpanId);
        Assert.Equal(6, batch.GetTagItem("explain.rows"));
        Assert.Equal(48, batch.GetTagItem("explain.padded_tokens"));
    }

    [Fact]
    public async Task A_row_that_two_requests_share_links_its_batch_to_both()
    {
        var device = new FakeDevice(tokenBudget: 64);
        var (first, one) = Begin(device, 0);
        var (second, other) = Begin(device, 0);
        await harness.Finish(first);
        await harness.Finish(second);

        var batch = Assert.Single(ended, activity => activity.OperationName == "batch" && IsOf(activity, one));
        Assert.Equal(3, batch.GetTagItem("explain.rows"));
        Assert.Contains(batch.Links, link => link.Context.TraceId == other.TraceId);
    }

    [Fact]
    public async Task The_callers_own_span_is_the_current_one_while_it_reads_its_results()
    {
        var device = new FakeDevice();
        using var request = asking.StartActivity("request")!;
        var during = new List<Activity?>();
        var reading = Task.Run(
            async () =>
            {
                await foreach (var _ in harness.Scheduler.RunAsync(device, Rows(0, 3), new(), TestContext.Current.CancellationToken))
                {
                    during.Add(Activity.Current);
                }

                during.Add(Activity.Current);
                return 0;
            },
            TestContext.Current.CancellationToken
        );
        await harness.Finish(reading);

        Assert.Equal([request, request, request, request], during);
        Assert.Equal(3L, StayOf(request).GetTagItem("explain.rows"));
    }

    [Fact]
    public async Task Rows_that_nobody_traces_make_no_spans()
    {
        Activity.Current = null;
        await harness.Finish(harness.Start(new FakeDevice(), Rows(0, 3)));

        Assert.DoesNotContain(
            ended,
            activity => Equals(activity.GetTagItem("explain.workload"), "fake") && activity.ParentSpanId == default
        );
    }

    /// <summary>Three rows that wait, asked for in a trace of their own.</summary>
    private (Task<List<int>> Answers, Activity Request) Begin(FakeDevice device, int first)
    {
        Activity.Current = null;
        using var request = asking.StartActivity("request")!;
        return (harness.Start(device, Rows(first, 3)), request);
    }

    private Activity StayOf(Activity request) =>
        Assert.Single(ended, activity => activity.OperationName == "queue" && activity.ParentSpanId == request.SpanId);

    private static bool IsOf(Activity batch, Activity request) => batch.TraceId == request.TraceId;
}
