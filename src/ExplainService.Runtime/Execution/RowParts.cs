using ExplainService.Runtime.Scheduling;

namespace ExplainService.Runtime.Execution;

/// <summary>What rows hold in common, for caches to count once.</summary>
internal static class RowParts
{
    /// <summary>All rows of one explanation of a picture show its versions; other rows share nothing.</summary>
    public static SharedPart? Of(object row) => ((TokenRow)row).Picture is { } table ? new SharedPart(table, table.Bytes) : null;
}
