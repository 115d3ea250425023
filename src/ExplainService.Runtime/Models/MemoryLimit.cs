namespace ExplainService.Runtime.Models;

/// <summary>A place that may have a model in memory.</summary>
internal interface IResident
{
    /// <summary>What its model takes; 0 where there is none in memory.</summary>
    long Bytes { get; }

    /// <summary>When its model was last asked for: later ones have larger numbers.</summary>
    long LastUsed { get; }

    /// <summary>Somebody runs on it, or waits for it.</summary>
    bool IsInUse { get; }

    /// <summary>Lets go of the model; completes when it is freed.</summary>
    Task ReleaseAsync();
}

/// <summary>Keeps what models take together below a limit: the one that was not used for the longest time goes first.</summary>
/// <param name="limit">Bytes; 0: any number.</param>
/// <param name="residents">All models.</param>
/// <param name="giveBack">Gives back to the system what freed models leave behind.</param>
/// <param name="time">For how long a model is waited for that somebody runs on again.</param>
internal sealed class MemoryLimit(long limit, Func<IEnumerable<IResident>> residents, Func<Task> giveBack, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim turn = new(1);

    /// <summary>Whether so much more would be too much.</summary>
    public bool IsExceededBy(long more) => limit > 0 && residents().Sum(resident => resident.Bytes) + more > limit;

    /// <summary>
    /// Frees models until there is room. Those in use stay, as does the one that needs it: a model that is larger than the limit is alone.
    /// </summary>
    /// <param name="needs">Whose model needs the room.</param>
    /// <param name="more">How much more than it takes already.</param>
    public async Task MakeRoomAsync(IResident needs, long more)
    {
        if (!IsExceededBy(more))
        {
            return;
        }

        await turn.WaitAsync().ConfigureAwait(false);
        try
        {
            var freed = false;
            while (IsExceededBy(more) && Oldest(needs) is { } oldest)
            {
                freed |= await IsFreedAsync(oldest.ReleaseAsync()).ConfigureAwait(false);
            }

            if (freed)
            {
                await giveBack().ConfigureAwait(false);
            }
        }
        finally
        {
            turn.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => turn.Dispose();

    /// <summary>Somebody may have begun to run on it in the meantime, and may run for long: then it is freed behind everyone's back.</summary>
    private async Task<bool> IsFreedAsync(Task release)
    {
        try
        {
            await release.WaitAsync(Patience, time).ConfigureAwait(false);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private IResident? Oldest(IResident needs) =>
        residents().Where(resident => resident != needs && resident.Bytes > 0 && !resident.IsInUse).MinBy(resident => resident.LastUsed);
}
