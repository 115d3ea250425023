using Xunit;

namespace ExplainService.Tests;

/// <summary>
/// Bytes that one call allocates: the same however busy the machine is and whatever other tests run, unlike its time or the live heap.
/// </summary>
internal static class Allocations
{
    /// <summary>What the call allocates on the thread that makes it.</summary>
    public static long Of(Action call)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        call();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    /// <summary>The same of a call that never waits for anything, so that all of it happens on the thread that makes it.</summary>
    public static async Task<long> OfAsync(Func<Task> call)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var task = call();
        var bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(task.IsCompleted, "Part of the call may have run on another thread, where it was not counted.");
        await task;
        return bytes;
    }
}
