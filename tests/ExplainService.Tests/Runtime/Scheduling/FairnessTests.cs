using ExplainService.Runtime;
using ExplainService.Runtime.Scheduling;
using Xunit;
using static ExplainService.Tests.Runtime.Scheduling.FakeDevice;

namespace ExplainService.Tests.Runtime.Scheduling;

public sealed class FairnessTests : IDisposable
{
    private static WorkOptions Audit => new() { Priority = WorkPriority.Batch };

    private readonly SchedulerHarness harness = new();

    public void Dispose() => harness.Dispose();

    [Fact]
    public void A_request_that_waits_for_rows_of_others_and_was_not_let_in_is_not_charged()
    {
        var queue = new FairQueue(harness.Time, TimeSpan.FromSeconds(1));
        var refused = new WorkRequest(new FakeDevice(), Audit with { Meter = new WorkMeter(account: new WorkAccount()) }, sequence: 1);

        queue.Charge(refused, tokens: 100);

        Assert.Equal((0, 0.0), (queue.Count, refused.Work.Meter.VirtualTime));
    }

    [Fact]
    public async Task A_prediction_goes_right_after_the_batch_that_runs_however_long_a_shap_still_is()
    {
        var device = new FakeDevice(tokenBudget: 64);
        var shap = harness.Start(device, Rows(0, 500));
        harness.Scheduler.RunNext();
        var prediction = harness.Start(device, [Row(9999)]);
        harness.Scheduler.RunNext();

        Assert.Equal(9999, device.Batches[1][0].Ids[0]);
        Assert.Equal([9999], await prediction);
        Assert.Equal(500, (await harness.Finish(shap)).Count);
    }

    [Theory]
    [InlineData(WorkPriority.Interactive)]
    [InlineData(WorkPriority.Batch)]
    public async Task Predictions_without_end_do_not_starve_what_has_been_served_before(WorkPriority priority)
    {
        var device = new FakeDevice(tokenBudget: 64);
        var other = new FakeDevice(tokenBudget: 64);
        var pulled = 0;
        var shap = harness.Start(device, Counted(), new WorkOptions { Priority = priority });
        await RunNextAsync();
        await RunNextAsync();
        var predictions = new List<Task<List<int>>>();
        while (other.Batches.Count < 200)
        {
            if (predictions.Count == other.Batches.Count)
            {
                predictions.Add(harness.Start(other, [Row(1000 + predictions.Count)]));
            }

            harness.Time.Advance(TimeSpan.FromSeconds(3));
            await RunNextAsync();
            await Task.Yield();
        }

        // 200 predictions of 8 tokens: a fair half is 25 batches of 64 tokens.
        Assert.InRange(device.Batches.Count, 15, 30);
        await harness.Finish(Task.WhenAll(predictions));
        await harness.Finish(shap);

        // A turn is taken when the request has what it keeps ahead, two batches; else the thread pool would decide whose it is.
        async Task RunNextAsync()
        {
            while (Volatile.Read(ref pulled) < Math.Min(500, device.Batches.Sum(batch => batch.Length) + 16))
            {
                await Task.Yield();
            }

            harness.Scheduler.RunNext();
        }

        IEnumerable<TokenRow> Counted()
        {
            foreach (var row in Rows(0, 500))
            {
                Interlocked.Increment(ref pulled);
                yield return row;
            }
        }
    }

    [Fact]
    public async Task Two_long_requests_of_different_kinds_take_turns()
    {
        var device = new FakeDevice(tokenBudget: 64);
        var other = new FakeDevice(tokenBudget: 64);
        var turns = new List<FakeDevice>();
        device.Before = (_, _) => turns.Add(device);
        other.Before = (_, _) => turns.Add(other);

        var pulled = new int[2];
        var requests = new[] { harness.Start(device, Counted(0)), harness.Start(other, Counted(1)) };
        while (!Array.TrueForAll(requests, request => request.IsCompleted))
        {
            // A turn is taken when both have what they keep ahead, two batches; else the thread pool would decide whose it is.
            if (
                pulled[0] < Math.Min(80, device.Batches.Sum(batch => batch.Length) + 16)
                || pulled[1] < Math.Min(80, other.Batches.Sum(batch => batch.Length) + 16)
                || !harness.Scheduler.RunNext()
            )
            {
                await Task.Yield();
            }
        }

        Assert.Equal(20, turns.Count);
        var longestRun = turns
            .Aggregate(
                (Last: (FakeDevice?)null, Run: 0, Most: 0),
                (state, turn) =>
                    turn == state.Last ? (turn, state.Run + 1, Math.Max(state.Most, state.Run + 1)) : (turn, 1, Math.Max(state.Most, 1))
            )
            .Most;
        Assert.InRange(longestRun, 1, 2);

        IEnumerable<TokenRow> Counted(int who)
        {
            foreach (var row in Rows(0, 80))
            {
                Interlocked.Increment(ref pulled[who]);
                yield return row;
            }
        }
    }

    [Fact]
    public async Task The_lines_of_a_stream_have_one_share_together()
    {
        var device = new FakeDevice(tokenBudget: 64);
        var stream = new WorkMeter();
        Task<List<int>>[] requests =
        [
            .. Enumerable
                .Range(0, 3)
                .Select(line => harness.Start(device, Rows(line * 8, 8), new WorkOptions { Meter = new WorkMeter(stream) })),
            harness.Start(device, Rows(100, 16)),
        ];
        while (harness.Scheduler.RunNext()) { }

        Assert.Equal([0, 100, 8, 108, 16], device.Batches.Select(batch => batch[0].Ids[0]));
        Assert.Equal(24, stream.Rows);
        await Task.WhenAll(requests);
    }

    [Fact]
    public async Task An_account_with_many_requests_has_no_more_than_one_with_a_single_one()
    {
        var device = new FakeDevice(tokenBudget: 64);
        var (many, single) = (new WorkAccount(), new WorkAccount());
        Task<List<int>>[] requests =
        [
            .. Enumerable
                .Range(0, 20)
                .Select(number => harness.Start(device, Rows(number * 10, 8), new WorkOptions { Meter = new WorkMeter(account: many) })),
            harness.Start(device, Rows(1000, 16), new WorkOptions { Meter = new WorkMeter(account: single) }),
        ];
        while (harness.Scheduler.RunNext()) { }

        // By turns while both have something: the flood holds the other's two batches up by two of its own.
        Assert.Equal([0, 1000, 10, 1008, 20, 30, 40, 50], device.Batches.Take(8).Select(batch => batch[0].Ids[0]));
        Assert.Equal((160, 16), (many.Rows, single.Rows));
        await Task.WhenAll(requests);
    }

    [Fact]
    public async Task A_prediction_waits_for_one_batch_of_a_flood_of_another_account()
    {
        var device = new FakeDevice(tokenBudget: 64);
        var flood = new WorkAccount();
        Task<List<int>>[] floods =
        [
            .. Enumerable
                .Range(0, 50)
                .Select(number => harness.Start(device, Rows(number * 10, 8), new WorkOptions { Meter = new WorkMeter(account: flood) })),
        ];
        for (var turn = 0; turn < 10; turn++)
        {
            harness.Scheduler.RunNext();
            var prediction = harness.Start(
                device,
                [Row(5000 + turn)],
                new WorkOptions { Meter = new WorkMeter(account: new WorkAccount()) }
            );
            harness.Scheduler.RunNext();
            Assert.Equal([5000 + turn], await prediction);
        }

        await harness.Finish(Task.WhenAll(floods));
    }

    [Fact]
    public async Task The_requests_of_an_account_take_turns_among_themselves()
    {
        var device = new FakeDevice(tokenBudget: 64);
        var account = new WorkAccount();
        Task<List<int>>[] requests =
        [
            .. Enumerable
                .Range(0, 2)
                .Select(number =>
                    harness.Start(device, Rows(number * 100, 16), new WorkOptions { Meter = new WorkMeter(account: account) })
                ),
        ];
        while (harness.Scheduler.RunNext()) { }

        Assert.Equal([0, 100, 8, 108], device.Batches.Select(batch => batch[0].Ids[0]));
        await Task.WhenAll(requests);
    }

    [Fact]
    public async Task Interactive_rows_go_before_an_audit_s()
    {
        var device = new FakeDevice(tokenBudget: 64);
        var audit = harness.Start(device, Rows(0, 16), Audit);
        var interactive = harness.Start(device, Rows(100, 16));
        await harness.Finish(interactive);

        Assert.All(device.Batches.Take(2), batch => Assert.All(batch, row => Assert.InRange(row.Ids[0], 100, 115)));
        Assert.Equal(Enumerable.Range(0, 16), await harness.Finish(audit));
    }

    [Fact]
    public async Task An_audit_that_waits_too_long_gets_a_turn()
    {
        var device = new FakeDevice(tokenBudget: 64);
        var audit = harness.Start(device, Rows(0, 16), Audit);
        var interactive = harness.Start(device, Rows(100, 5000));
        harness.Scheduler.RunNext();
        Assert.DoesNotContain(device.Order, name => name < 100);

        harness.Time.Advance(TimeSpan.FromSeconds(3));
        harness.Scheduler.RunNext();
        harness.Scheduler.RunNext();
        Assert.Contains(device.Order, name => name < 100);

        await harness.Finish(interactive);
        await harness.Finish(audit);
    }

    [Fact]
    public async Task Padding_stays_under_five_percent_for_mixed_loads()
    {
        // As many rows as a request has waiting at once, so that what a batch is cut from does not depend on how soon its caller goes on.
        const int Budget = 1024;
        var device = new FakeDevice(Budget, shares: false);
        var random = new Random(3);
        var callers = new List<Task<List<int>>>();
        for (var caller = 0; caller < 16; caller++)
        {
            var length = random.Next(8, 256);
            callers.Add(
                harness.Start(
                    device,
                    caller % 2 == 0
                        ? Rows(caller * 1000, 2 * Budget / length, length)
                        : Enumerable.Range(caller * 1000, 100).Select(name => Row(name, random.Next(5, 64))).ToList()
                )
            );
        }

        foreach (var caller in callers)
        {
            await harness.Finish(caller);
        }

        var totals = harness.Scheduler.Totals;
        Assert.InRange((double)totals.PaddedTokens / totals.Tokens, 1, 1.05);
        Assert.InRange((double)totals.PaddedTokens / totals.Batches, Budget / 2, Budget);
    }
}
