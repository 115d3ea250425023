using System.Collections.Concurrent;

namespace ExplainService.Api.Telemetry;

/// <summary>
/// Lines on their way to where the log goes. A pipe that nobody reads must not hold an answer or the end of the process: what does not fit
/// into the queue is dropped and counted.
/// </summary>
internal sealed class LogLines : IDisposable
{
    /// <summary>The most lines that wait.</summary>
    public const int Most = 10_000;

    /// <summary>What waits at the end of the process gets so long.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly TextWriter output;
    private readonly BlockingCollection<string> lines = new(Most);
    private readonly Thread writing;
    private long dropped;

    /// <summary>Starts to write.</summary>
    public LogLines(TextWriter output)
    {
        this.output = output;
        // A thread of its own: it may wait for as long as the process lives.
        writing = new Thread(Write) { IsBackground = true, Name = "log" };
        writing.Start();
    }

    /// <summary>Those of the process's standard output.</summary>
    public static LogLines Standard { get; } = OfProcess();

    /// <summary>Lines that were dropped.</summary>
    public long Dropped => Interlocked.Read(ref dropped);

    /// <summary>Takes a line; never waits.</summary>
    public void Add(string line)
    {
        try
        {
            if (lines.TryAdd(line))
            {
                return;
            }
        }
        catch (InvalidOperationException)
        {
            // The process ends.
        }

        Interlocked.Increment(ref dropped);
    }

    /// <summary>Writes what waits, if its reader takes it in time.</summary>
    public void Dispose()
    {
        lines.CompleteAdding();
        if (writing.Join(Patience))
        {
            lines.Dispose();
        }
    }

    private static LogLines OfProcess()
    {
        var standard = new LogLines(Console.Out);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => standard.Dispose();
        return standard;
    }

    private void Write()
    {
        try
        {
            foreach (var line in lines.GetConsumingEnumerable())
            {
                output.Write(line);
                if (lines.Count == 0)
                {
                    output.Flush();
                }
            }
        }
        catch (IOException)
        {
            // Whoever read the log has closed it; the service goes on without.
            lines.CompleteAdding();
        }
    }
}
