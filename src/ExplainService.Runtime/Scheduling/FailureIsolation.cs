namespace ExplainService.Runtime.Scheduling;

/// <summary>How a batch that failed is tried again, once, in parts: so that one caller's failure stays that caller's.</summary>
internal static class FailureIsolation
{
    /// <summary>The parts to try on their own; null where there is nothing to gain.</summary>
    public static IReadOnlyList<IReadOnlyList<WorkItem>>? Split(Batch batch, Exception error)
    {
        if (MemoryShortage.Caused(error) && batch.Items.Count > 1)
            return [.. batch.Items.Chunk((batch.Items.Count + 1) / 2)];

        var byCaller = batch.Items.GroupBy(item => item.Owner).ToList();
        return byCaller.Count > 1 ? [.. byCaller.Select(rows => rows.ToArray())] : null;
    }
}
