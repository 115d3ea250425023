using System.Collections.Concurrent;
using System.Globalization;
using ExplainService.Runtime;
using ExplainService.Runtime.Scheduling;
using ExplainService.Testing;
using Microsoft.Extensions.Time.Testing;
using Xunit;
using static ExplainService.Tests.Runtime.Scheduling.FakeDevice;

namespace ExplainService.Tests.Runtime.Scheduling;

/// <summary>Which threads give way to which, as Linux tells it.</summary>
public sealed class NicenessTests
{
    private const int Flood = 0;
    private const int Prediction = 1;

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    public async Task Batches_give_way_to_the_short_work_beside_them(int niceness)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Elsewhere threads are equals.");
        using var scheduler = new Scheduler(new SchedulerOptions { Niceness = niceness }, new FakeTimeProvider());
        var (nicenesses, started) = (new ConcurrentDictionary<int, int>(), new TaskCompletionSource());
        var device = new FakeDevice
        {
            Before = (rows, _) =>
            {
                nicenesses[rows[0].Ids[0]] = NicenessOfThisThread();
                started.TrySetResult();
                Assert.True(rows[0].Ids[0] == Prediction || SpinWait.SpinUntil(() => nicenesses.Count == 2, Patience.Ample));
            },
        };

        var flood = RunAsync(Flood);
        await started.Task.WaitAsync(Patience.Ample);
        await RunAsync(Prediction);
        await flood;

        var own = NicenessOfThisThread();
        Assert.Equal(own + niceness, nicenesses[Flood]);
        Assert.Equal(own, nicenesses[Prediction]);

        Task RunAsync(int name) =>
            scheduler
                .RunAsync(
                    device,
                    [Row(name)],
                    new WorkOptions { Meter = new WorkMeter(account: new WorkAccount()) },
                    CancellationToken.None
                )
                .CountAsync()
                .AsTask();
    }

    /// <summary>The nineteenth field of <c>proc_pid_stat(5)</c>; the second may hold blanks.</summary>
    private static int NicenessOfThisThread()
    {
        var stat = File.ReadAllText("/proc/thread-self/stat");
        return int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[19 - 3], CultureInfo.InvariantCulture);
    }
}
