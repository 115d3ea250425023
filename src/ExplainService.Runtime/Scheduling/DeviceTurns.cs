namespace ExplainService.Runtime.Scheduling;

/// <summary>
/// Turns on the device: of batches, as many at once as there are device threads, or of one measurement that has the device for itself.
/// Both run on all cores, so that a measurement beside a batch would find a device of half the speed. Thread-safe.
/// </summary>
public sealed class DeviceTurns
{
    private readonly object gate = new();
    private int batches;
    private int waiting;
    private bool measuring;

    /// <summary>Runs a batch, after the measurements that wait: they are few and short, and under load no idle moment comes.</summary>
    public T Batch<T>(Func<T> run)
    {
        lock (gate)
        {
            while (measuring || waiting > 0)
            {
                Monitor.Wait(gate);
            }

            batches++;
        }

        try
        {
            return run();
        }
        finally
        {
            lock (gate)
            {
                batches--;
                Monitor.PulseAll(gate);
            }
        }
    }

    /// <summary>Runs what is measured, after the batches that run; those that are due wait until it is over.</summary>
    public T Alone<T>(Func<T> run)
    {
        lock (gate)
        {
            waiting++;
            while (measuring || batches > 0)
            {
                Monitor.Wait(gate);
            }

            waiting--;
            measuring = true;
        }

        try
        {
            return run();
        }
        finally
        {
            lock (gate)
            {
                measuring = false;
                Monitor.PulseAll(gate);
            }
        }
    }
}
