namespace ExplainService.Runtime.Scheduling;

/// <summary>
/// Turns on the device: of batches, as many at once as there are device threads, or of one measurement that has the device for itself.
/// Both run on all cores, so that a measurement beside a batch would find a device of half the speed. Thread-safe.
/// </summary>
/// <remarks>
/// Under load no idle moment comes, so a measurement goes before the batches that come after it; and what is measured takes many runs, so
/// the batches that waited for one go before the next. Neither waits for more than one turn of the other.
/// </remarks>
public sealed class DeviceGate
{
    private readonly object gate = new();
    private int batches;
    private int waitingBatches;
    private int waitingMeasurements;
    private int due;
    private long measured;
    private bool measuring;

    /// <summary>Batches and measurements whose turn has not come.</summary>
    internal int Waiting
    {
        get
        {
            lock (gate)
            {
                return waitingBatches + waitingMeasurements;
            }
        }
    }

    /// <summary>Runs a batch, after the one measurement that runs or waits.</summary>
    public T RunShared<T>(Func<T> run)
    {
        lock (gate)
        {
            if (measuring || waitingMeasurements > 0)
            {
                waitingBatches++;
                for (var seen = measured; measured == seen; )
                {
                    Monitor.Wait(gate);
                }

                due--;
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

    /// <summary>Runs what must not run beside anything else, after the batches that run and those that waited for the one before.</summary>
    public T RunExclusive<T>(Func<T> run)
    {
        lock (gate)
        {
            waitingMeasurements++;
            while (measuring || batches > 0 || due > 0)
            {
                Monitor.Wait(gate);
            }

            waitingMeasurements--;
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
                measured++;
                (due, waitingBatches) = (waitingBatches, 0);
                Monitor.PulseAll(gate);
            }
        }
    }
}
