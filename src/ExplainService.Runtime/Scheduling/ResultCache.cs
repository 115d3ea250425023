using System.Diagnostics.CodeAnalysis;

namespace ExplainService.Runtime.Scheduling;

/// <summary>
/// The results of late, least recently used first out, bounded by their size. Explanations of one text ask for the same rows again and
/// again (the text itself, its empty version, coalitions of another estimator). Not thread-safe: the scheduler's lock guards it.
/// </summary>
/// <param name="capacityBytes">The most that rows and results may hold together.</param>
/// <param name="sizeOf">Bytes of a row and its result.</param>
/// <param name="sharedOf">What rows may have in common and its bytes, which count once for all rows of it; null: nothing.</param>
public sealed class ResultCache(long capacityBytes, Func<object, object, long> sizeOf, Func<object, SharedPart?>? sharedOf = null)
{
    private readonly Dictionary<object, LinkedListNode<Entry>> entries = [];
    private readonly LinkedList<Entry> byUse = [];
    private readonly Dictionary<object, int> users = new(ReferenceEqualityComparer.Instance);
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
        var (size, shared) = (sizeOf(row, result), sharedOf?.Invoke(row));
        if (size + (shared?.Bytes ?? 0) > capacityBytes || entries.ContainsKey(row))
        {
            return;
        }

        entries.Add(row, byUse.AddLast(new Entry(row, result, size, shared)));
        bytes += size + Joined(shared);
        while (bytes > capacityBytes)
        {
            var oldest = byUse.First!.Value;
            bytes -= oldest.Bytes + Left(oldest.Shared);
            entries.Remove(oldest.Row);
            byUse.RemoveFirst();
        }
    }

    /// <summary>Bytes that come with the first row of a part.</summary>
    private long Joined(SharedPart? part)
    {
        if (part is null)
        {
            return 0;
        }

        var before = users.GetValueOrDefault(part.Whole);
        users[part.Whole] = before + 1;
        return before == 0 ? part.Bytes : 0;
    }

    /// <summary>Bytes that go with the last row of a part.</summary>
    private long Left(SharedPart? part)
    {
        if (part is null || --users[part.Whole] > 0)
        {
            return 0;
        }

        users.Remove(part.Whole);
        return part.Bytes;
    }

    private sealed record Entry(object Row, object Result, long Bytes, SharedPart? Shared);
}

/// <summary>What several rows hold together.</summary>
/// <param name="Whole">The one object that they all hold.</param>
/// <param name="Bytes">Its size.</param>
public sealed record SharedPart(object Whole, long Bytes);
