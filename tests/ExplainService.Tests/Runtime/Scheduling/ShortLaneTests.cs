using ExplainService.Runtime;
using ExplainService.Testing;
using Xunit;
using static ExplainService.Tests.Runtime.Scheduling.FakeDevice;

namespace ExplainService.Tests.Runtime.Scheduling;

/// <summary>Who may run beside the batch that runs.</summary>
public sealed class ShortLaneTests : IDisposable
{
    private readonly SchedulerHarness harness = new();
    private readonly WorkAccount flood = new();

    public void Dispose() => harness.Dispose();

    [Fact]
    public async Task A_prediction_of_another_account_does_not_wait_for_the_batch_that_runs()
    {
        var device = new FakeDevice(tokenBudget: 64);
        var prediction = Task.FromResult<List<int>>([]);
        var floods = Start(device, Rows(0, 40), flood);
        WhileABatchRuns(
            device,
            () =>
            {
                prediction = Start(device, [Row(5000)], new WorkAccount());
                Assert.True(harness.Scheduler.RunNext(isShort: true));
                SpinWait.SpinUntil(() => prediction.IsCompleted, Patience.Ample);
                Assert.True(prediction.IsCompletedSuccessfully);
            }
        );

        Assert.Equal([5000], await prediction);
        Assert.Equal(Enumerable.Range(0, 40), await harness.Finish(floods));
    }

    [Fact]
    public async Task Several_who_wait_go_together()
    {
        var device = new FakeDevice(tokenBudget: 64);
        var floods = Start(device, Rows(0, 40), flood);
        Task<List<int>>[] predictions = [];
        WhileABatchRuns(
            device,
            () =>
            {
                predictions = [.. Enumerable.Range(0, 5).Select(name => Start(device, [Row(5000 + name)], new WorkAccount()))];
                Assert.True(harness.Scheduler.RunNext(isShort: true));
                Assert.False(harness.Scheduler.RunNext(isShort: true));
            }
        );

        await Task.WhenAll(predictions);
        Assert.Equal([5000, 5001, 5002, 5003, 5004], device.Batches[1].Select(row => row.Ids[0]).Order());
        await harness.Finish(floods);
    }

    [Fact]
    public async Task What_is_long_waits_what_is_an_audit_waits_and_who_is_on_the_device_waits()
    {
        var device = new FakeDevice(tokenBudget: 64);
        List<Task<List<int>>> waiting = [Start(device, Rows(0, 40), flood)];
        WhileABatchRuns(
            device,
            () =>
            {
                waiting.Add(Start(device, [Row(100)], flood));
                waiting.Add(Start(device, Rows(200, 5), new WorkAccount()));
                waiting.Add(Start(device, [Row(300)], new WorkAccount(), expected: 500));
                waiting.Add(Start(device, [Row(400)], new WorkAccount(), priority: WorkPriority.Batch));
                Assert.False(harness.Scheduler.RunNext(isShort: true));
            }
        );

        await harness.Finish(Task.WhenAll(waiting));
    }

    [Fact]
    public async Task Where_nothing_runs_there_is_nothing_to_run_beside()
    {
        var device = new FakeDevice(tokenBudget: 64);
        var prediction = harness.Start(device, [Row(1)]);

        Assert.False(harness.Scheduler.RunNext(isShort: true));
        Assert.Equal([1], await harness.Finish(prediction));
        Assert.False(harness.Scheduler.RunNext(isShort: true));
    }

    /// <summary>What runs beside others is slower, of which nothing is learned, and no further time of the device.</summary>
    [Fact]
    public async Task What_runs_beside_counts_as_rows_and_not_as_time()
    {
        var device = new FakeDevice(tokenBudget: 64);
        var floods = Start(device, Rows(0, 8), flood);
        Task<List<int>>? prediction = null;
        WhileABatchRuns(
            device,
            () =>
            {
                prediction = Start(device, [Row(5000)], new WorkAccount());
                device.Before = (_, _) => harness.Time.Advance(TimeSpan.FromSeconds(1));
                harness.Scheduler.RunNext(isShort: true);
            }
        );

        await Task.WhenAll(floods, prediction!);
        Assert.Equal((9, TimeSpan.FromSeconds(1)), (harness.Scheduler.Totals.Rows, harness.Scheduler.Totals.Busy));
    }

    private void WhileABatchRuns(FakeDevice device, Action action)
    {
        device.Before = (_, _) =>
        {
            device.Before = null;
            action();
        };
        Assert.True(harness.Scheduler.RunNext());
    }

    private Task<List<int>> Start(
        FakeDevice device,
        IEnumerable<TokenRow> rows,
        WorkAccount account,
        long expected = 0,
        WorkPriority priority = WorkPriority.Interactive
    ) =>
        harness.Start(
            device,
            rows,
            new WorkOptions
            {
                Meter = new WorkMeter(account: account),
                ExpectedRows = expected,
                Priority = priority,
            }
        );
}
