using ExplainService.Jobs.Contracts;

namespace ExplainService.Jobs.Store;

/// <summary>A job that begins.</summary>
/// <param name="Id">Its name; names sort by time.</param>
/// <param name="Key">The caller's <c>Idempotency-Key</c>.</param>
/// <param name="Fingerprint">What the key stands for.</param>
/// <param name="Spec">The request, without texts.</param>
/// <param name="PostedBy">Whose it is; null: everybody's.</param>
internal sealed record NewJob(string Id, string? Key, string Fingerprint, JobRequest Spec, string? PostedBy = null);

/// <summary>A job as the database has it. Times are milliseconds since 1970 by the database's clock.</summary>
internal sealed record JobRecord
{
    public required string Id { get; init; }

    public required string Fingerprint { get; init; }

    /// <summary>Null while its rows are being read.</summary>
    public required JobState? State { get; init; }

    public required JobRequest Spec { get; init; }

    public required InputFacts? Input { get; init; }

    public required long Created { get; init; }

    public required long? Started { get; init; }

    public required long? Finished { get; init; }

    /// <summary>Grows with every change that callers can see.</summary>
    public required long Version { get; init; }

    public required long Rows { get; init; }

    public required long Done { get; init; }

    public required long Skipped { get; init; }

    public required long Failed { get; init; }

    public required string? Error { get; init; }

    /// <summary>Hashes of the models that answered, by commas.</summary>
    public required string? ModelHashes { get; init; }

    /// <summary>Since when the pace is counted.</summary>
    public required long? PaceFrom { get; init; }

    /// <summary>Rows that were done by then.</summary>
    public required long PaceDone { get; init; }

    /// <summary>Whose it is; null: everybody's who may see all.</summary>
    public required string? PostedBy { get; init; }

    /// <summary>When this was read.</summary>
    public required long Now { get; init; }
}

/// <summary>Rows that are worked on together.</summary>
/// <param name="FirstRow">The number of the first, from 1.</param>
/// <param name="Rows">How many.</param>
/// <param name="Body">The rows, compressed.</param>
internal sealed record NewChunk(long FirstRow, int Rows, byte[] Body);

/// <summary>Names a chunk.</summary>
internal readonly record struct ChunkKey(string Job, long FirstRow);

/// <summary>A chunk that a worker has.</summary>
/// <param name="Key">Which.</param>
/// <param name="Rows">How many rows.</param>
/// <param name="Tries">How often it was begun, this time included.</param>
/// <param name="Body">The rows, compressed.</param>
/// <param name="Spec">The job's request.</param>
/// <param name="PostedBy">Whose job it is; null: everybody's.</param>
internal sealed record ChunkLease(ChunkKey Key, int Rows, int Tries, byte[] Body, JobRequest Spec, string? PostedBy = null);

/// <summary>What came of a chunk.</summary>
/// <param name="Body">Its results, compressed.</param>
/// <param name="Skipped">Rows that were left out.</param>
/// <param name="Failed">Rows whose result is a problem.</param>
/// <param name="ModelHash">Of the model that answered; null where none did.</param>
internal sealed record ChunkResult(byte[] Body, int Skipped, int Failed, string? ModelHash = null);

/// <summary>Rows or results of a chunk, as kept.</summary>
internal sealed record Segment(long FirstRow, int Rows, byte[] Body);
