using System.Diagnostics;

namespace ExplainService.Runtime.Scheduling;

/// <summary>
/// What is traced of the queue: the stay of a request's rows in it, and the batches that they ran in. A batch belongs to everybody whose rows
/// it carries: it is linked to each of their stays, and stands in the trace of the first.
/// </summary>
internal static class QueueTraces
{
    private static readonly ActivitySource Source = new("ExplainService.Queue");

    /// <summary>The stay of a stream of rows; null: nobody traces what it is a part of.</summary>
    public static Activity? Stay(Workload workload)
    {
        if (Activity.Current is not { } asking)
        {
            return null;
        }

        var stay = Source.StartActivity("queue")?.SetTag("explain.workload", workload.Name);
        // The caller, to whom results are handed in between, goes on with what it was at.
        Activity.Current = asking;
        return stay;
    }

    /// <summary>The end of a stay.</summary>
    public static void End(Activity? stay, long rows)
    {
        stay?.SetTag("explain.rows", rows);
        stay?.Dispose();
    }

    /// <summary>The stays of all that wait for some rows. Called with the scheduler's lock held.</summary>
    public static IReadOnlyList<ActivityContext> StaysOf(IReadOnlyList<WorkItem> items)
    {
        if (!Source.HasListeners())
        {
            return [];
        }

        var stays = new HashSet<ActivityContext>();
        foreach (var item in items)
        {
            foreach (var request in item.Waiting)
            {
                if (request.Stay is { Recorded: true } stay)
                {
                    stays.Add(stay.Context);
                }
            }
        }

        return [.. stays];
    }

    /// <summary>A batch on the device; null: nobody traces a request that it carries rows of.</summary>
    public static Activity? Run(Batch batch) =>
        batch.Stays is [var first, ..]
            ? Source
                .StartActivity("batch", ActivityKind.Internal, first, links: batch.Stays.Select(stay => new ActivityLink(stay)))
                ?.SetTag("explain.workload", batch.Workload.Name)
                .SetTag("explain.rows", batch.Items.Count)
                .SetTag("explain.tokens", batch.Tokens)
                .SetTag("explain.padded_tokens", batch.PaddedTokens)
            : null;
}
