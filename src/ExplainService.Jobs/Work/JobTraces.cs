using System.Diagnostics;
using ExplainService.Jobs.Store;

namespace ExplainService.Jobs.Work;

/// <summary>What is traced of jobs: a trace a chunk, in which its rows' explanations are.</summary>
internal static class JobTraces
{
    private static readonly ActivitySource Source = new("ExplainService.Jobs");

    /// <summary>A chunk from its being taken to its results.</summary>
    public static Activity? Chunk(ChunkLease lease) =>
        Source.StartActivity("chunk")?.SetTag("explain.job", lease.Key.Job).SetTag("explain.rows", lease.Rows);
}
