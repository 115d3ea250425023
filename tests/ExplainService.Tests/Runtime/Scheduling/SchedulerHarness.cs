using ExplainService.Runtime;
using ExplainService.Runtime.Scheduling;
using Microsoft.Extensions.Time.Testing;

namespace ExplainService.Tests.Runtime.Scheduling;

/// <summary>A scheduler without threads: tests run its batches one by one and turn its clock.</summary>
internal sealed class SchedulerHarness : IDisposable
{
    public SchedulerHarness(double maxQueueSeconds = 1000)
    {
        Scheduler = new Scheduler(new SchedulerOptions { Workers = 0, MaxQueueSeconds = maxQueueSeconds }, Time);
    }

    public FakeTimeProvider Time { get; } = new();

    public Scheduler Scheduler { get; }

    /// <summary>Starts a request; its rows wait in the queue when this returns.</summary>
    public Task<List<int>> Start(
        FakeDevice device,
        IEnumerable<TokenRow> rows,
        WorkOptions? work = null,
        CancellationToken cancellationToken = default
    )
    {
        return Collect();

        async Task<List<int>> Collect()
        {
            var answers = new List<int>();
            await foreach (var logits in Scheduler.RunAsync(device, rows, work ?? new WorkOptions(), cancellationToken))
            {
                answers.Add((int)logits.Values[0]);
            }

            return answers;
        }
    }

    /// <summary>Runs batches until the requests have ended.</summary>
    public async Task<T> Finish<T>(Task<T> request)
    {
        while (!request.IsCompleted)
        {
            if (!Scheduler.RunNext())
            {
                await Task.Yield();
            }
        }

        return await request;
    }

    public void Dispose() => Scheduler.Dispose();
}
