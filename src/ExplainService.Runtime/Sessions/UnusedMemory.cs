using System.Runtime;
using Microsoft.ML.OnnxRuntime;

namespace ExplainService.Runtime.Sessions;

/// <summary>
/// What models leave behind when they are freed: weights that nobody refers to any more, blocks of ONNX Runtime's arena, pages that the C
/// library keeps for later. Thread-safe.
/// </summary>
/// <remarks>
/// Measured with MiniLM and its gradient form: 423 MB after unloading with a plain collection, 158 MB with all three. The arena alone frees
/// nothing, as its pages stay with the C library; the C library alone nothing of the arena.
/// </remarks>
/// <param name="sessions">On the processor.</param>
internal sealed class UnusedMemory(SessionFactory sessions)
{
    /// <summary>Who has just been answered refers to its model until its last steps have run.</summary>
    private const int MaxTries = 5;

    private static readonly TimeSpan BetweenTries = TimeSpan.FromMilliseconds(50);

    private readonly Lock gate = new();
    private readonly List<WeakReference> leaving = [];
    private Task last = Task.CompletedTask;
    private Task? waiting;

    /// <summary>Gives it back to the system. Whoever asks while one round runs shares the next.</summary>
    /// <param name="freed">A model that was freed: waited for a moment, where somebody still refers to it.</param>
    public Task GiveBackAsync(WeakReference? freed = null)
    {
        lock (gate)
        {
            if (freed is not null)
            {
                leaving.Add(freed);
            }

            return waiting ??= last = AfterAsync(last);
        }
    }

    private Task AfterAsync(Task before) =>
        Task.Run(async () =>
        {
            await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            WeakReference[] freed;
            lock (gate)
            {
                waiting = null;
                freed = [.. leaving];
                leaving.Clear();
            }

            for (var tries = 1; ; tries++)
            {
                // Weights are pinned by objects with finalizers: one collection finds those, the next what they held.
                Collect();
                GC.WaitForPendingFinalizers();
                if (tries == MaxTries || !Array.Exists(freed, static model => model.IsAlive))
                {
                    break;
                }

                await Task.Delay(BetweenTries).ConfigureAwait(false);
            }

            Collect();
            ShrinkNative();
        });

    private void ShrinkNative()
    {
        try
        {
            sessions.ShrinkArena();
        }
        catch (OnnxRuntimeException)
        {
            // There is no memory for a session of one node: the arena stays as it is.
        }

        NativeHeap.Trim();
    }

    private static void Collect()
    {
        GCSettings.LargeObjectHeapCompactionMode = GCLargeObjectHeapCompactionMode.CompactOnce;
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
    }
}
