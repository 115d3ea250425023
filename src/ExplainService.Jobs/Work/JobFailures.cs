using System.Collections.Concurrent;

namespace ExplainService.Jobs.Work;

/// <summary>Jobs that have failed and whose failure could not be written: on a full disk not even that can be.</summary>
internal sealed class JobFailures
{
    private readonly ConcurrentDictionary<string, string> reasons = new();

    /// <summary>Those that are still to be written.</summary>
    public IEnumerable<KeyValuePair<string, string>> Unwritten => reasons;

    /// <summary>A job has failed.</summary>
    public void Add(string job, string reason) => reasons[job] = reason;

    /// <summary>It was written, or resumed.</summary>
    public void Remove(string job) => reasons.TryRemove(job, out _);

    /// <summary>Why a job has failed that the database knows nothing of; null where it has not.</summary>
    public string? Of(string job) => reasons.GetValueOrDefault(job);
}
