using Microsoft.ML.OnnxRuntime;

namespace ExplainService.Runtime.Scheduling;

/// <summary>
/// How a batch that failed is tried again in parts: so that one caller's failure stays that caller's, and a batch too large is no failure.
/// </summary>
internal static class FailureIsolation
{
    /// <summary>Characters of ONNX Runtime's message that are handed on.</summary>
    private const int MaxMessageLength = 300;

    /// <summary>
    /// The parts to try on their own; null where there is nothing to gain. Rows that the same callers wait for stay together: whoever fails
    /// with a part has asked for each of its rows. Called with the scheduler's lock held.
    /// </summary>
    public static IReadOnlyList<IReadOnlyList<WorkItem>>? Split(IReadOnlyList<WorkItem> items, Exception error)
    {
        if (MemoryShortage.Caused(error))
        {
            return items.Count > 1 ? [.. items.Chunk((items.Count + 1) / 2)] : null;
        }

        var byCallers = items.GroupBy(CallersOf).ToList();
        return byCallers.Count > 1 ? [.. byCallers.Select(rows => rows.ToArray())] : null;
    }

    /// <summary>
    /// What the callers are told: a shortage of memory passes, and is no fault of theirs; what ONNX Runtime cannot compute, the graph does
    /// not allow, such as a text longer than a table in it that nothing else tells of.
    /// </summary>
    public static Exception Told(Exception error) =>
        MemoryShortage.Caused(error) ? MemoryShortage.Refusal("for a row of the request")
        : error is OnnxRuntimeException refused
            ? new NotSupportedByModelException($"The model's graph cannot be computed for this text: {refused.Beginning(MaxMessageLength)}")
        : error;

    private static string CallersOf(WorkItem item) => string.Join(' ', item.Waiting.Select(request => request.Sequence).Distinct().Order());
}
