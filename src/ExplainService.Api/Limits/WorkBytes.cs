using ExplainService.Runtime;

namespace ExplainService.Api.Limits;

/// <summary>How much memory there is for requests in work, and about how much a request takes of it.</summary>
internal static class WorkBytes
{
    /// <summary>The part of .NET's memory that texts and answers may take; the rest is for models, and for what is yet to be collected.</summary>
    private const int PartsOfHeap = 3;

    /// <summary>
    /// Of a byte of a request: the body, the text, its tokens with their texts and offsets, and the answer that lists them (measured:
    /// <c>/tokenize</c> of 4 MB).
    /// </summary>
    private const long OfByte = 80;

    /// <summary>Of any request.</summary>
    private const long OfRequest = 16 << 10;

    /// <summary>The budget by the settings, or by what .NET may use (a container's limit, <c>DOTNET_GCHeapHardLimit</c>).</summary>
    public static WorkMemory Budget(ServerLimits limits) =>
        new(
            limits.WorkMegabytes > 0
                ? (long)limits.WorkMegabytes << 20
                : GC.GetGCMemoryInfo(GCKind.Any).TotalAvailableMemoryBytes / PartsOfHeap
        );

    /// <summary>What a request takes by the length of its body.</summary>
    public static long Of(int body) => OfRequest + (OfByte * body);
}
