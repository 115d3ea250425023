using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace ExplainService.Runtime.Scheduling;

/// <summary>Rows of one workload that run together.</summary>
[SuppressMessage("Design", "CA1001", Justification = "A token source without a timer holds nothing, and callers may leave after the end.")]
internal sealed class Batch
{
    private readonly CancellationTokenSource abandoned = new();

    public Batch(IReadOnlyList<WorkItem> items)
    {
        Items = items;
        var padded = default(RowSize);
        foreach (var item in items)
        {
            padded = RowSize.Max(padded, item.Size);
            Tokens += item.Size.Tokens;
        }

        PaddedTokens = padded.Tokens * items.Count;
        Wanted = items.Count;
        Stays = QueueTraces.StaysOf(items);
    }

    public IReadOnlyList<WorkItem> Items { get; }

    public Workload Workload => Items[0].Workload;

    /// <summary>Whether another ran beside it, so that its time says nothing of what its tokens cost.</summary>
    public bool IsSlowed { get; set; }

    /// <summary>The traced stays in the queue of those whose rows it carries.</summary>
    public IReadOnlyList<ActivityContext> Stays { get; }

    /// <summary>Tokens without padding.</summary>
    public int Tokens { get; }

    /// <summary>Tokens that are computed.</summary>
    public int PaddedTokens { get; }

    /// <summary>Rows without an outcome that somebody still waits for.</summary>
    public int Wanted { get; set; }

    /// <summary>Fires when nobody waits for any of its rows any more.</summary>
    public CancellationToken Abandoned => abandoned.Token;

    public void Abandon() => abandoned.Cancel();
}
