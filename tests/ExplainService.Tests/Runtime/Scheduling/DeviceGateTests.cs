using ExplainService.Runtime.Scheduling;
using ExplainService.Testing;
using Xunit;

namespace ExplainService.Tests.Runtime.Scheduling;

public sealed class DeviceGateTests
{
    private readonly DeviceGate device = new();

    [Fact]
    public async Task Batches_run_beside_each_other()
    {
        using var both = new Barrier(2);
        Assert.All(await Task.WhenAll(Batch(), Batch()), Assert.True);

        Task<bool> Batch() => Task.Run(() => device.RunShared(() => both.SignalAndWait(Patience.Ample)));
    }

    [Fact]
    public async Task A_measurement_waits_for_the_batch_that_runs_and_goes_before_the_next()
    {
        using var running = new ManualResetEventSlim();
        using var end = new ManualResetEventSlim();
        var order = new List<string>();
        var batch = Task.Run(() =>
            Do(
                device.RunShared,
                "batch",
                () =>
                {
                    running.Set();
                    end.Wait(Patience.Ample);
                }
            )
        );
        running.Wait(Patience.Ample);
        var measurement = Task.Run(() => Do(device.RunExclusive, "measurement", () => { }));
        await Patience.UntilAsync(() => device.Waiting == 1);
        var next = Task.Run(() => Do(device.RunShared, "next", () => { }));
        await Patience.UntilAsync(() => device.Waiting == 2);
        Assert.False(measurement.IsCompleted || next.IsCompleted);
        end.Set();
        await Task.WhenAll(batch, measurement, next);
        Assert.Equal(["batch", "measurement", "next"], order);

        void Do(Func<Func<bool>, bool> turn, string name, Action work) =>
            turn(() =>
            {
                work();
                lock (order)
                {
                    order.Add(name);
                }

                return true;
            });
    }

    [Fact]
    public async Task Batches_that_waited_for_a_measurement_go_before_the_next_however_soon_that_comes()
    {
        using var running = new ManualResetEventSlim();
        using var end = new ManualResetEventSlim();
        var order = new List<string>();
        var measurements = Task.Run(() =>
        {
            device.RunExclusive(() =>
            {
                running.Set();
                return end.Wait(Patience.Ample) && Note("first");
            });
            return device.RunExclusive(() => Note("second"));
        });
        running.Wait(Patience.Ample);
        var batches = Enumerable.Range(0, 2).Select(_ => Task.Run(() => device.RunShared(() => Note("batch")))).ToList();
        await Patience.UntilAsync(() => device.Waiting == 2);
        end.Set();
        await Task.WhenAll([measurements, .. batches]);
        Assert.Equal(["first", "batch", "batch", "second"], order);

        bool Note(string turn)
        {
            lock (order)
            {
                order.Add(turn);
            }

            return true;
        }
    }

    [Fact]
    public async Task Measurements_and_batches_never_meet()
    {
        var (batches, measurements, met) = (0, 0, false);
        await Task.WhenAll(
            Enumerable
                .Range(0, 4)
                .Select(thread =>
                    Task.Run(() =>
                    {
                        for (var turn = 0; turn < 500; turn++)
                        {
                            _ = (thread + turn) % 3 == 0 ? device.RunExclusive(Measure) : device.RunShared(Batch);
                        }
                    })
                )
        );
        Assert.False(met);

        bool Measure()
        {
            met |= Interlocked.Increment(ref measurements) > 1 || Volatile.Read(ref batches) > 0;
            Thread.SpinWait(50);
            Interlocked.Decrement(ref measurements);
            return true;
        }

        bool Batch()
        {
            Interlocked.Increment(ref batches);
            met |= Volatile.Read(ref measurements) > 0;
            Thread.SpinWait(50);
            Interlocked.Decrement(ref batches);
            return true;
        }
    }

    [Fact]
    public void A_turn_that_fails_is_given_back()
    {
        Assert.Throws<FormatException>(() => device.RunExclusive<bool>(() => throw new FormatException()));
        Assert.Throws<FormatException>(() => device.RunShared<bool>(() => throw new FormatException()));
        Assert.True(device.RunExclusive(() => true) && device.RunShared(() => true));
    }
}
