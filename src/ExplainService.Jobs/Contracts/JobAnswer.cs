using System.Text.Json;

namespace ExplainService.Jobs.Contracts;

/// <summary>How far a job is.</summary>
public enum JobState
{
    /// <summary>Nothing of it has been worked on yet.</summary>
    Queued,

    /// <summary>It is being worked on.</summary>
    Running,

    /// <summary>Nothing more of it is begun until it is resumed.</summary>
    Paused,

    /// <summary>Every row has its result.</summary>
    Succeeded,

    /// <summary>It cannot go on; <c>error</c> says why. It can be resumed.</summary>
    Failed,

    /// <summary>Its owner ended it.</summary>
    Cancelled,
}

/// <summary>A job.</summary>
public sealed record JobAnswer
{
    /// <summary>Its name in paths.</summary>
    public required string Id { get; init; }

    /// <summary>The caller's name of it.</summary>
    public string? Name { get; init; }

    /// <summary>What it does.</summary>
    public required JobKind Kind { get; init; }

    /// <summary>How far it is.</summary>
    public required JobState State { get; init; }

    /// <summary>How far, in rows.</summary>
    public required JobProgress Progress { get; init; }

    /// <summary>Why it failed, in a sentence.</summary>
    public string? Error { get; init; }

    /// <summary>When it was posted.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>When its first row was begun.</summary>
    public DateTimeOffset? Started { get; init; }

    /// <summary>When it ended.</summary>
    public DateTimeOffset? Finished { get; init; }

    /// <summary>What was read.</summary>
    public required InputFacts Input { get; init; }

    /// <summary>
    /// SHA-256 of the model's graph, lower-case hex, as soon as a row was answered; several where the model's files changed while the job ran.
    /// </summary>
    public IReadOnlyList<string>? ModelSha256 { get; init; }

    /// <summary>Which columns hold what, as posted.</summary>
    public JobColumns? Columns { get; init; }

    /// <summary>What every row is asked, as posted, with the model's name.</summary>
    public JsonElement? Request { get; init; }

    /// <summary>What the answers are compared with, as posted.</summary>
    public DriftBaseline? Against { get; init; }

    /// <summary>Which rows are worked on, as posted.</summary>
    public RowFilter? OnlyIf { get; init; }

    /// <summary>What the results are written as, as posted.</summary>
    public JobOutput? Output { get; init; }

    /// <summary>Whether the evidence holds the report, as posted.</summary>
    public bool? Report { get; init; }
}

/// <summary>How far a job is, in rows.</summary>
public sealed record JobProgress
{
    /// <summary>Rows of the input.</summary>
    public required long Rows { get; init; }

    /// <summary>Rows that are through, skipped and failed ones among them.</summary>
    public required long Done { get; init; }

    /// <summary>Rows that <c>only_if</c> left out.</summary>
    public required long Skipped { get; init; }

    /// <summary>Rows whose result is a problem.</summary>
    public required long Failed { get; init; }

    /// <summary>Rows that come through in a second, since the job was begun or resumed.</summary>
    public double? RowsPerSecond { get; init; }

    /// <summary>Seconds to the end at that pace.</summary>
    public double? SecondsLeft { get; init; }
}

/// <summary>What a job has read.</summary>
public sealed record InputFacts
{
    /// <summary>The file's name; none of posted texts.</summary>
    public string? Name { get; init; }

    /// <summary>The job whose answers were read; what stands here is that of its input.</summary>
    public string? Job { get; init; }

    /// <summary>How it is written.</summary>
    public required RowFormat Format { get; init; }

    /// <summary>Bytes as they came.</summary>
    public required long Bytes { get; init; }

    /// <summary>SHA-256 of those bytes, lower-case hex.</summary>
    public required string Sha256 { get; init; }
}

/// <summary>Jobs, newest first.</summary>
/// <param name="Jobs">The jobs.</param>
/// <param name="After">What to send as <c>after</c> for those before them; left out where there are none.</param>
public sealed record JobList(IReadOnlyList<JobAnswer> Jobs, string? After);
