using System.ComponentModel.DataAnnotations;

namespace ExplainService.Jobs;

/// <summary>What a process does for jobs.</summary>
public enum JobRole
{
    /// <summary>Takes jobs from callers and works on them.</summary>
    All,

    /// <summary>Takes jobs from callers; others work on them.</summary>
    Api,

    /// <summary>Works on jobs; others take them from callers.</summary>
    Worker,
}

/// <summary>Configuration section <c>Jobs</c>.</summary>
public sealed class JobOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Jobs";

    /// <summary>What a connection string of PostgreSQL begins with.</summary>
    public const string PostgresPrefix = "Host=";

    /// <summary>A SQLite file, in <see cref="Directory"/> where it is relative; or a connection string that begins with <c>Host=</c>.</summary>
    public string Storage { get; init; } = "jobs.db";

    /// <summary>Where the SQLite file and uploads in transit are; made when the first job comes.</summary>
    public string Directory { get; init; } = "jobs";

    /// <summary>What this process does.</summary>
    public JobRole Role { get; init; } = JobRole.All;

    /// <summary>The folder below which <c>input.path</c> may point; empty: nowhere.</summary>
    public string InputDirectory { get; init; } = "";

    /// <summary>Days after its end on which a job is removed; 0: never.</summary>
    [Range(0, 36_500)]
    public int RetentionDays { get; init; }

    /// <summary>Rows of one input.</summary>
    [Range(1, int.MaxValue)]
    public int MaxRows { get; init; } = 1_000_000;

    /// <summary>Megabytes of one input, as sent and unpacked.</summary>
    [Range(1, 1 << 20)]
    public int MaxInputMegabytes { get; init; } = 1024;

    /// <summary>Jobs that are worked on at once; others wait.</summary>
    [Range(1, 1000)]
    public int MaxRunning { get; init; } = 4;

    /// <summary>Jobs that may be queued, running or paused; over it a new one is 429.</summary>
    [Range(1, 100_000)]
    public int MaxUnfinished { get; init; } = 100;

    /// <summary>Rows that a process works on at once.</summary>
    [Range(1, 1024)]
    public int Window { get; init; } = 16;

    /// <summary>Seconds that one row may take at a try.</summary>
    [Range(1, 86_400)]
    public int MaxRowSeconds { get; init; } = 600;

    /// <summary>Whether the jobs are in PostgreSQL.</summary>
    internal bool IsPostgres => Storage.StartsWith(PostgresPrefix, StringComparison.OrdinalIgnoreCase);

    /// <summary>The SQLite file.</summary>
    internal string DatabaseFile => Path.GetFullPath(Path.Combine(Directory, Storage));
}
