using System.Diagnostics.CodeAnalysis;

namespace ExplainService.Runtime.Scheduling;

/// <summary>
/// The results of late, least recently used first out, bounded by their size. Explanations of one text ask for the same rows again and
/// again (the text itself, its empty version, coalitions of another estimator). Not thread-safe: the scheduler's lock guards it.
/// </summary>
/// <param name="capacityBytes">The most that rows and results may hold together.</param>
/// <param name="sizeOf">Bytes of a row and its result.</param>
public sealed class ResultCache(long capacityBytes, Func<object, object, long> sizeOf)
{
    private readonly Dictionary<object, LinkedListNode<Entry>> entries = [];
    private readonly LinkedList<Entry> byUse = [];
    private long bytes;

    /// <summary>Results held.</summary>
    public int Count => entries.Count;

    /// <summary>Finds a result and marks it as used.</summary>
    public bool TryGet(object row, [NotNullWhen(true)] out object? result)
    {
        if (!entries.TryGetValue(row, out var node))
        {
            result = null;
            return false;
        }

        byUse.Remove(node);
        byUse.AddLast(node);
        result = node.Value.Result;
        return true;
    }

    /// <summary>Keeps a result, forgetting older ones to make room.</summary>
    public void Add(object row, object result)
    {
        var size = sizeOf(row, result);
        if (size > capacityBytes || entries.ContainsKey(row))
        {
            return;
        }

        entries.Add(row, byUse.AddLast(new Entry(row, result, size)));
        bytes += size;
        while (bytes > capacityBytes)
        {
            var oldest = byUse.First!;
            bytes -= oldest.Value.Bytes;
            entries.Remove(oldest.Value.Row);
            byUse.RemoveFirst();
        }
    }

    private sealed record Entry(object Row, object Result, long Bytes);
}
