namespace ExplainService.Jobs.Store;

/// <summary>The tables. Rows and results are apart from what changes often, since a changed row is written anew with all its bytes.</summary>
internal static class Schema
{
    /// <summary>Statements that make what is missing.</summary>
    public static IEnumerable<string> Statements(Database database) =>
        [
            """
                CREATE TABLE IF NOT EXISTS explain_jobs (
                  id TEXT PRIMARY KEY, idempotency_key TEXT UNIQUE, fingerprint TEXT NOT NULL, state TEXT, spec TEXT NOT NULL, input TEXT,
                  created BIGINT NOT NULL, started BIGINT, finished BIGINT, version BIGINT NOT NULL, last_taken BIGINT NOT NULL,
                  pace_from BIGINT, pace_done BIGINT NOT NULL, row_count BIGINT NOT NULL, done BIGINT NOT NULL, skipped BIGINT NOT NULL,
                  failed BIGINT NOT NULL, error TEXT, model_hashes TEXT, posted_by TEXT)
                """,
            // Tables of an earlier version lack it.
            $"ALTER TABLE explain_jobs ADD COLUMN {database.IfNotExists}posted_by TEXT",
            """
                CREATE TABLE IF NOT EXISTS explain_chunks (
                  job TEXT NOT NULL, first_row BIGINT NOT NULL, row_count INTEGER NOT NULL, done INTEGER NOT NULL, owner TEXT,
                  lease_until BIGINT NOT NULL, tries INTEGER NOT NULL, PRIMARY KEY (job, first_row))
                """,
            "CREATE INDEX IF NOT EXISTS explain_chunks_open ON explain_chunks (job, first_row) WHERE done = 0",
            "CREATE INDEX IF NOT EXISTS explain_chunks_owned ON explain_chunks (owner) WHERE done = 0 AND owner IS NOT NULL",
            Bodies("explain_inputs", database),
            Bodies("explain_results", database),
        ];

    private static string Bodies(string table, Database database) =>
        $"CREATE TABLE IF NOT EXISTS {table} (job TEXT NOT NULL, first_row BIGINT NOT NULL, row_count INTEGER NOT NULL, "
        + $"body {database.BlobType} NOT NULL, PRIMARY KEY (job, first_row))";
}
