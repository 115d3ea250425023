using ExplainService.Runtime.Folders;
using ExplainService.Runtime.Scheduling;

namespace ExplainService.Runtime.Execution;

/// <summary>
/// Finds the largest batch that still takes little time. Measured with MiniLM on two cores: 128 tokens reach 88 % of the best rate, 256
/// 94 %, 512 99 %, 1024 100 %. The rates are too close to each other to be told apart on a machine that has other work, and a disturbed
/// long run looks worse than a short one that slipped through, so what decides is the time of a batch, which doubles from size to size.
/// Tokens are counted as batches are cut, with the padding of a fixed length and with the decoder's.
/// </summary>
internal static class BudgetProbe
{
    private const int MinBudget = 128;
    private const int RowLength = 32;
    private const int Runs = 2;

    /// <summary>Further runs of a size that looks too dear: what else the machine does at a start passes, what the size costs does not.</summary>
    private const int Doubts = 8;

    /// <summary>Per token, what a larger batch may cost more than the cheapest size: past it, batches have outgrown the caches.</summary>
    private const double Tolerated = 1.15;

    /// <summary>Everybody waits for the batch that runs; what is gained beyond is a percent.</summary>
    private static readonly TimeSpan MaxBatchTime = TimeSpan.FromMilliseconds(250);

    /// <summary>Warms a workload up and sets its budget and first throughput.</summary>
    /// <param name="workload">What to run.</param>
    /// <param name="example">A row of that many tokens, different for each number.</param>
    /// <param name="limits">The longest row.</param>
    /// <param name="largest">The largest budget to try.</param>
    /// <param name="fixedBudget">The configured budget; 0: measure.</param>
    /// <param name="device">What is timed has it for itself.</param>
    /// <param name="time">The clock.</param>
    public static void Run<TRow, TResult>(
        Workload<TRow, TResult> workload,
        Func<int, int, TRow> example,
        ModelLimits limits,
        int largest,
        int fixedBudget,
        DeviceGate device,
        TimeProvider time
    )
        where TRow : class
        where TResult : class
    {
        var length = Math.Min(RowLength, limits.MaxTokens);
        var rowTokens = workload.MeasureRow(example(0, length)).Tokens;
        var smallest = Math.Max(MinBudget, rowTokens);

        // The very first run is nobody's measure: it makes the arena and whatever the session put off.
        Seconds(rowTokens);
        var (budget, rate) = (fixedBudget, fixedBudget > 0 ? RateOf(rowTokens) : double.PositiveInfinity);
        for (var tokens = smallest; tokens <= Math.Max(largest, smallest) && fixedBudget == 0; tokens *= 2)
        {
            // The first run of a size grows the arena; of the others the fastest counts, as other work only ever adds time.
            Seconds(tokens);
            var fastest = Enumerable.Range(0, Runs).Min(_ => RateOf(tokens));
            for (var doubt = 0; doubt < Doubts && IsDear(fastest); doubt++)
            {
                fastest = Math.Min(fastest, RateOf(tokens));
            }

            if (IsDear(fastest))
            {
                break;
            }

            (budget, rate) = (tokens, Math.Min(rate, fastest));
            if (2 * fastest * tokens > MaxBatchTime.TotalSeconds)
            {
                break;
            }
        }

        workload.TokenBudget = budget;
        workload.Throughput.Start(rate);

        bool IsDear(double seconds) => seconds > rate * Tolerated;

        double RateOf(int tokens) => Seconds(tokens) / (RowsOf(tokens) * rowTokens);

        int RowsOf(int tokens) => Math.Max(1, tokens / rowTokens);

        double Seconds(int tokens)
        {
            TRow[] rows = [.. Enumerable.Range(0, RowsOf(tokens)).Select(number => example(number, length))];
            return device.RunExclusive(() =>
            {
                var start = time.GetTimestamp();
                workload.Run(rows, CancellationToken.None);
                return time.GetElapsedTime(start).TotalSeconds;
            });
        }
    }
}
