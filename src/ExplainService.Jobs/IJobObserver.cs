namespace ExplainService.Jobs;

/// <summary>Who is told what becomes of jobs: names and counts, never texts.</summary>
public interface IJobObserver
{
    /// <summary>A job was posted.</summary>
    void Posted(string job, long rows);

    /// <summary>A job came to its end, or was stopped: its state.</summary>
    void Ended(string job, string state);

    /// <summary>A chunk was given up by this process and will be worked on again.</summary>
    /// <param name="job">The job.</param>
    /// <param name="firstRow">Where the chunk begins.</param>
    void GivenUp(string job, long firstRow);

    /// <summary>The database does not answer; told once until it answers again.</summary>
    void StoreLost(string reason);

    /// <summary>It answers again.</summary>
    void StoreFound();

    /// <summary>A fault of the service.</summary>
    void Faulted(Exception fault);
}
