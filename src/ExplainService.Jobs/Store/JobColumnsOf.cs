using System.Data.Common;
using System.Text.Json;
using ExplainService.Jobs.Contracts;
using ExplainService.Methods.Contracts;

namespace ExplainService.Jobs.Store;

/// <summary>A row of the table of jobs, read.</summary>
internal static class JobColumnsOf
{
    /// <summary>What to select, in order, before the database's time.</summary>
    public const string Names =
        "id, fingerprint, state, spec, input, created, started, finished, version, row_count, done, skipped, failed, error, pace_from, pace_done, model_hashes, posted_by";

    /// <summary>Reads it.</summary>
    public static JobRecord Read(DbDataReader row) =>
        new()
        {
            Id = row.GetString(0),
            Fingerprint = row.GetString(1),
            State = Text(row, 2) is { } name && EnumNames.TryRead<JobState>(name, out var state) ? state : null,
            Spec = Spec(row.GetString(3)),
            Input = Text(row, 4) is { } input ? JsonSerializer.Deserialize(input, JobsJson.Of<InputFacts>()) : null,
            Created = row.GetInt64(5),
            Started = Number(row, 6),
            Finished = Number(row, 7),
            Version = row.GetInt64(8),
            Rows = row.GetInt64(9),
            Done = row.GetInt64(10),
            Skipped = row.GetInt64(11),
            Failed = row.GetInt64(12),
            Error = Text(row, 13),
            PaceFrom = Number(row, 14),
            PaceDone = row.GetInt64(15),
            ModelHashes = Text(row, 16),
            PostedBy = Text(row, 17),
            Now = row.GetInt64(18),
        };

    /// <summary>A request as kept.</summary>
    public static JobRequest Spec(string json) => JsonSerializer.Deserialize(json, JobsJson.Of<JobRequest>())!;

    private static string? Text(DbDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    private static long? Number(DbDataReader row, int column) => row.IsDBNull(column) ? null : row.GetInt64(column);
}
