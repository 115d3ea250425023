using ExplainService.Runtime;
using ExplainService.Runtime.Scheduling;
using ExplainService.Testing;
using Microsoft.Extensions.Time.Testing;
using Xunit;
using static ExplainService.Tests.Runtime.Scheduling.FakeDevice;

namespace ExplainService.Tests.Runtime.Scheduling;

public sealed class SchedulerTests : IDisposable
{
    private readonly SchedulerHarness harness = new();

    public void Dispose() => harness.Dispose();

    [Fact]
    public async Task Answers_come_in_the_order_of_the_rows_whatever_order_they_ran_in()
    {
        var device = new FakeDevice(tokenBudget: 64);
        var random = new Random(1);
        var rows = Enumerable.Range(0, 300).Select(i => Row(i, random.Next(1, 40))).ToList();

        var answers = await harness.Finish(harness.Start(device, rows));

        Assert.Equal(Enumerable.Range(0, 300), answers);
        Assert.NotEqual(answers, device.Order);
    }

    [Fact]
    public async Task A_batch_holds_what_the_token_budget_takes()
    {
        var device = new FakeDevice(tokenBudget: 64);
        await harness.Finish(harness.Start(device, Rows(0, 20, length: 8)));
        Assert.Equal([8, 8, 4], device.Batches.Select(batch => batch.Length));
    }

    [Fact]
    public async Task A_row_longer_than_the_budget_runs_alone()
    {
        var device = new FakeDevice(tokenBudget: 64);
        await harness.Finish(harness.Start(device, Rows(0, 2, length: 100)));
        Assert.Equal([1, 1], device.Batches.Select(batch => batch.Length));
    }

    [Fact]
    public async Task Rows_of_several_requests_share_a_batch()
    {
        var device = new FakeDevice(tokenBudget: 64);
        var requests = Enumerable.Range(0, 4).Select(i => harness.Start(device, Rows(10 * i, 2))).ToList();
        foreach (var request in requests)
        {
            await harness.Finish(request);
        }

        Assert.Equal(8, Assert.Single(device.Batches).Length);
    }

    [Fact]
    public async Task A_source_is_pulled_one_batch_ahead_of_the_one_that_runs()
    {
        var device = new FakeDevice(tokenBudget: 64);
        var pulled = 0;
        var furthest = 0;
        device.Before = (_, _) => furthest = Math.Max(furthest, pulled - (device.Batches.Count * 8));

        var answers = await harness.Finish(
            harness.Start(
                device,
                Rows(0, 100_000)
                    .Select(row =>
                    {
                        pulled++;
                        return row;
                    })
            )
        );

        Assert.Equal(100_000, answers.Count);
        Assert.InRange(furthest, 0, 8);
    }

    [Fact]
    public async Task A_caller_that_does_not_read_on_stops_the_pull()
    {
        var device = new FakeDevice(tokenBudget: 64, recent: new ResultCache(1 << 20, (_, _) => 100));
        await harness.Finish(harness.Start(device, Rows(0, 1000)));

        // Every row is remembered, so nothing but the window bounds how far the second pull goes.
        var pulled = 0;
        await foreach (
            var _ in harness.Scheduler.RunAsync(
                device,
                Rows(0, 1000)
                    .Select(row =>
                    {
                        pulled++;
                        return row;
                    }),
                new WorkOptions(),
                CancellationToken.None
            )
        )
        {
            break;
        }

        Assert.InRange(pulled, 1, 64);
    }

    [Fact]
    public async Task Identical_rows_that_wait_or_run_are_computed_once()
    {
        var device = new FakeDevice(tokenBudget: 64);
        var first = harness.Start(device, [Row(1), Row(2), Row(1)]);
        var second = harness.Start(device, [Row(2), Row(3)]);

        Assert.Equal([1, 2, 1], await harness.Finish(first));
        Assert.Equal([2, 3], await harness.Finish(second));
        Assert.Equal([1, 2, 3], device.Order.Order());
    }

    [Fact]
    public async Task Results_of_late_are_remembered_and_counted()
    {
        var device = new FakeDevice(recent: new ResultCache(1 << 20, (_, _) => 100));
        await harness.Finish(harness.Start(device, Rows(0, 4)));

        var work = new WorkOptions();
        Assert.Equal([3, 0], await harness.Finish(harness.Start(device, [Row(3), Row(0)], work)));
        Assert.Single(device.Batches);
        Assert.Equal((2, 0), (work.Meter.Rows, work.Meter.Batches));
    }

    [Fact]
    public async Task Meters_say_what_a_request_cost()
    {
        var device = new FakeDevice(tokenBudget: 64);
        var work = new WorkOptions();
        await harness.Finish(harness.Start(device, Rows(0, 20, length: 8), work));
        Assert.Equal((20, 3, 160), (work.Meter.Rows, work.Meter.Batches, work.Meter.Tokens));
    }

    [Fact]
    public async Task Rows_of_a_caller_who_left_do_not_run()
    {
        var device = new FakeDevice(tokenBudget: 64);
        using var leaving = new CancellationTokenSource();
        var left = harness.Start(device, Rows(0, 500), cancellationToken: leaving.Token);
        var stays = harness.Start(device, [Row(1), Row(1000)]);

        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);

        // Row 1 was the leaver's too, but somebody still waits for it.
        Assert.Equal([1, 1000], await harness.Finish(stays));
        Assert.Equal([1, 1000], device.Order.Order());
        Assert.Equal(TimeSpan.Zero, harness.Scheduler.Backlog);
    }

    [Fact]
    public async Task A_batch_that_nobody_waits_for_any_more_is_told_to_stop()
    {
        var device = new FakeDevice(tokenBudget: 64);
        using var leaving = new CancellationTokenSource();
        Task<List<int>>? left = null;
        var stopped = false;
        device.Before = (_, cancellationToken) =>
        {
            leaving.Cancel();
            SpinWait.SpinUntil(() => left!.IsCompleted, Patience.Ample);
            stopped = cancellationToken.IsCancellationRequested;
            cancellationToken.ThrowIfCancellationRequested();
        };
        left = harness.Start(device, Rows(0, 8), cancellationToken: leaving.Token);

        Assert.True(harness.Scheduler.RunNext());

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
        Assert.True(stopped);
        device.Before = null;
        Assert.Equal([3], await harness.Finish(harness.Start(device, [Row(3)])));
    }

    [Fact]
    public async Task A_batch_is_cut_when_its_turn_has_come_so_that_who_came_meanwhile_is_in_it_and_who_left_is_not()
    {
        var device = new FakeDevice(tokenBudget: 64);
        using var leaving = new CancellationTokenSource();
        using var measuring = new ManualResetEventSlim();
        using var end = new ManualResetEventSlim();
        var measurement = Task.Run(() =>
            harness.Scheduler.Device.RunExclusive(() =>
            {
                measuring.Set();
                return end.Wait(Patience.Ample);
            })
        );
        measuring.Wait(Patience.Ample);

        var left = harness.Start(device, Rows(100, 2), cancellationToken: leaving.Token);
        var early = harness.Start(device, Rows(0, 2));
        var turn = Task.Run(() => harness.Scheduler.RunNext());
        await Patience.UntilAsync(() => harness.Scheduler.Device.Waiting == 1);
        var late = harness.Start(device, Rows(10, 2));
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
        end.Set();

        Assert.True(await measurement && await turn);
        Assert.Equal([0, 1], await harness.Finish(early));
        Assert.Equal([10, 11], await harness.Finish(late));
        Assert.Equal([0, 1, 10, 11], Assert.Single(device.Batches).Select(row => row.Ids[0]).Order());
    }

    [Fact]
    public async Task A_failing_row_fails_its_own_caller_only()
    {
        var device = new FakeDevice(tokenBudget: 64)
        {
            Before = (rows, _) =>
            {
                if (rows.Any(row => row.Ids[0] == 13))
                {
                    throw new InvalidOperationException("unlucky");
                }
            },
        };
        var unlucky = harness.Start(device, [Row(12), Row(13)]);
        var lucky = harness.Start(device, [Row(1), Row(2)]);

        Assert.Equal([1, 2], await harness.Finish(lucky));
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => harness.Finish(unlucky));
        Assert.Equal("unlucky", error.Message);
        Assert.Equal([5], await harness.Finish(harness.Start(device, [Row(5)])));
    }

    [Fact]
    public async Task A_failing_row_does_not_fail_a_caller_who_shares_another_with_its_own()
    {
        var device = new FakeDevice(tokenBudget: 64)
        {
            Before = (rows, _) =>
            {
                if (rows.Any(row => row.Ids[0] == 13))
                {
                    throw new InvalidOperationException("unlucky");
                }
            },
        };
        var unlucky = harness.Start(device, [Row(1), Row(13)]);
        var lucky = harness.Start(device, [Row(1), Row(2)]);

        Assert.Equal([1, 2], await harness.Finish(lucky));
        await Assert.ThrowsAsync<InvalidOperationException>(() => harness.Finish(unlucky));
    }

    [Fact]
    public async Task A_part_of_a_failed_batch_that_nobody_waits_for_any_more_does_not_run()
    {
        var device = new FakeDevice(tokenBudget: 64);
        using var leaving = new CancellationTokenSource();
        var stays = harness.Start(device, Rows(0, 2));
        var left = harness.Start(device, Rows(10, 2), cancellationToken: leaving.Token);
        device.Before = (rows, _) =>
        {
            if (rows.Count == 4)
            {
                leaving.Cancel();
                SpinWait.SpinUntil(() => left.IsCompleted, Patience.Ample);
                throw new InvalidOperationException("unlucky");
            }
        };

        Assert.Equal([0, 1], await harness.Finish(stays));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
        Assert.Equal([4, 2], device.Batches.Select(batch => batch.Length));
    }

    [Fact]
    public async Task A_part_of_a_failed_batch_is_told_to_stop_when_its_last_caller_leaves()
    {
        var device = new FakeDevice(tokenBudget: 64);
        using var leaving = new CancellationTokenSource();
        var stays = harness.Start(device, Rows(0, 2));
        var left = harness.Start(device, Rows(10, 2), cancellationToken: leaving.Token);
        var stopped = false;
        device.Before = (rows, cancellationToken) =>
        {
            if (rows.Count == 4)
            {
                throw new InvalidOperationException("unlucky");
            }

            if (rows[0].Ids[0] >= 10)
            {
                leaving.Cancel();
                SpinWait.SpinUntil(() => left.IsCompleted, Patience.Ample);
                stopped = cancellationToken.IsCancellationRequested;
            }
        };

        Assert.Equal([0, 1], await harness.Finish(stays));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
        Assert.True(stopped);
    }

    [Fact]
    public async Task A_failing_row_fails_its_own_caller_only_in_a_batch_that_was_too_large_too()
    {
        var device = new FakeDevice(tokenBudget: 64)
        {
            Before = (rows, _) =>
            {
                if (rows.Count > 4)
                {
                    throw new InvalidOperationException("Failed to allocate memory for requested buffer of size 42");
                }

                if (rows.Any(row => row.Ids[0] == 13))
                {
                    throw new InvalidOperationException("unlucky");
                }
            },
        };
        var unlucky = harness.Start(device, [Row(12), Row(13)]);
        var lucky = harness.Start(device, Rows(1, 6));

        Assert.Equal(Enumerable.Range(1, 6), await harness.Finish(lucky));
        Assert.Equal("unlucky", (await Assert.ThrowsAsync<InvalidOperationException>(() => harness.Finish(unlucky))).Message);
    }

    [Fact]
    public async Task A_batch_too_large_for_memory_is_halved_until_it_fits()
    {
        var device = WithRoomFor(2);
        Assert.Equal(Enumerable.Range(0, 8), await harness.Finish(harness.Start(device, Rows(0, 8))));
        Assert.Equal([8, 4, 2, 2, 4, 2, 2], device.Batches.Select(batch => batch.Length));
    }

    [Fact]
    public async Task A_row_too_large_for_memory_is_told_to_come_back()
    {
        var refused = await Assert.ThrowsAsync<ServiceBusyException>(() => harness.Finish(harness.Start(WithRoomFor(0), Rows(0, 3))));
        Assert.True(refused.Unavailable);
    }

    private static FakeDevice WithRoomFor(int rows) =>
        new(tokenBudget: 64)
        {
            Before = (batch, _) =>
            {
                if (batch.Count > rows)
                {
                    throw new InvalidOperationException("Failed to allocate memory for requested buffer of size 42");
                }
            },
        };

    [Fact]
    public async Task An_error_in_the_source_reaches_the_caller_and_leaves_nothing_behind()
    {
        var device = new FakeDevice();
        var rows = Rows(0, 100).Select(row => row.Ids[0] < 3 ? row : throw new FormatException("bad row"));
        await Assert.ThrowsAsync<FormatException>(() => harness.Start(device, rows));
        Assert.False(harness.Scheduler.RunNext());
    }

    [Fact]
    public async Task Own_threads_answer_many_callers_at_once()
    {
        using var scheduler = new Scheduler(new SchedulerOptions { Workers = 2 }, new FakeTimeProvider());
        var device = new FakeDevice(tokenBudget: 64, shares: false);

        await Task.WhenAll(
            Enumerable
                .Range(0, 64)
                .Select(caller =>
                    Task.Run(async () =>
                    {
                        var expected = caller * 1000;
                        await foreach (
                            var logits in scheduler.RunAsync(
                                device,
                                Rows(expected, 200, 1 + (caller % 30)),
                                new WorkOptions(),
                                CancellationToken.None
                            )
                        )
                        {
                            Assert.Equal(expected++, (int)logits.Values[0]);
                        }

                        Assert.Equal((caller * 1000) + 200, expected);
                    })
                )
        );

        Assert.Equal(64 * 200, scheduler.Totals.Rows);
    }
}
