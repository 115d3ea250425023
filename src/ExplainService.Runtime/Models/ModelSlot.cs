using ExplainService.Runtime.Folders;

namespace ExplainService.Runtime.Models;

/// <summary>One folder of the directory and what has become of it.</summary>
internal sealed class ModelSlot(string path, string? file, ModelServices services) : IResident
{
    private readonly string name = Path.GetFileName(path);
    private readonly Lock gate = new();
    private readonly FolderReader reader = new(path, file, services.Loader, services.Closing);
    private readonly FolderListing listing = new(path, file);
    private Task<LoadedModel>? loading;
    private LoadedModel? loaded;
    private (string Message, bool IsLate, FolderStamp Stamp)? failure;

    /// <summary>The model, if it is loaded.</summary>
    public LoadedModel? Loaded => Volatile.Read(ref loaded);

    /// <summary>It is loaded, or being loaded.</summary>
    public bool HasModel
    {
        get
        {
            lock (gate)
            {
                return loaded is not null || loading is not null;
            }
        }
    }

    /// <inheritdoc/>
    public long Bytes => Loaded?.Bytes ?? 0;

    /// <inheritdoc/>
    public long LastUsed => Loaded?.LastUsed ?? 0;

    /// <inheritdoc/>
    public bool IsInUse
    {
        get
        {
            lock (gate)
            {
                return loading is not null || loaded is { IsInUse: true };
            }
        }
    }

    /// <summary>What to tell of it. Nothing in a folder makes this fail: the others are to be listed all the same.</summary>
    public ModelEntry Entry()
    {
        if (Loaded is { } model)
        {
            return listing.Of(model) with
            {
                Error = KnownFailure() is { } why ? "What is in the folder now cannot be served: " + why.Message : null,
            };
        }

        var stamp = FolderStamp.Of(path);
        var entry = listing.At(stamp);
        lock (gate)
        {
            return failure is { } known && known.Stamp == stamp ? entry with { State = ModelState.Broken, Error = known.Message }
                : loading is not null && entry.State == ModelState.Available ? entry with { State = ModelState.Loading }
                : entry;
        }
    }

    /// <summary>The model, loaded if need be.</summary>
    /// <param name="cancellationToken">Stops waiting; a load that others may wait for goes on.</param>
    /// <exception cref="ModelNotUsableException">The folder cannot be served, or could not and has not changed.</exception>
    public async ValueTask<ILoadedModel> GetAsync(CancellationToken cancellationToken)
    {
        if (Loaded is { } there)
        {
            return there;
        }

        if (KnownFailure() is { } known)
        {
            throw known;
        }

        Task<LoadedModel> task;
        lock (gate)
        {
            if (loaded is not null)
            {
                return loaded;
            }

            task = loading ??= Task.Run(LoadAsync, CancellationToken.None);
        }

        return await task.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Has what is in the folder now loaded, whether or not that has failed before. A model of files that have changed answers until the new
    /// one is ready, and goes on if that cannot be served.
    /// </summary>
    /// <param name="cancellationToken">Stops waiting; the load goes on.</param>
    /// <exception cref="ModelNotUsableException">The folder cannot be served.</exception>
    public async Task RenewAsync(CancellationToken cancellationToken)
    {
        if (Loaded is { } there && there.Read.Source.IsUntouched(file))
        {
            return;
        }

        Task<LoadedModel> task;
        lock (gate)
        {
            task = loading ??= Task.Run(LoadAsync, CancellationToken.None);
        }

        await task.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Frees the model once nobody runs on it.</summary>
    /// <returns>What is freed with the last reference to it; null where there was none.</returns>
    public async Task<WeakReference?> UnloadAsync()
    {
        Task<LoadedModel>? pending;
        lock (gate)
        {
            pending = loading;
        }

        if (pending is not null)
        {
            await pending.ContinueWith(static _ => { }, TaskScheduler.Default).ConfigureAwait(false);
        }

        return await TakeAsync().ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public Task ReleaseAsync() => TakeAsync();

    /// <summary>Lets go of the model; completes when it is freed.</summary>
    private async Task<WeakReference?> TakeAsync()
    {
        LoadedModel? model;
        lock (gate)
        {
            (model, loaded) = (loaded, null);
        }

        if (model is null)
        {
            return null;
        }

        await model.RetireAsync().ConfigureAwait(false);
        services.Observer?.Unloaded(name);
        return new WeakReference(model);
    }

    /// <summary>However it ends, the next caller may try again.</summary>
    private async Task<LoadedModel> LoadAsync()
    {
        var stamp = FolderStamp.Of(path);
        var started = services.Time.GetTimestamp();
        try
        {
            // Its weights at least will be in memory.
            await services.Memory.MakeRoomAsync(this, listing.At(stamp).Bytes).ConfigureAwait(false);
            var (read, forms) = await reader.ReadAsync().ConfigureAwait(false);
            var model = new LoadedModel(
                read,
                forms,
                () => reader.ReloadAsync(read),
                services.Scheduler,
                services.Observer,
                services.Loader.TimeLimits
            );
            model.Grown += () => _ = services.Memory.MakeRoomAsync(this, 0);
            LoadedModel? old;
            lock (gate)
            {
                old = loaded;
                (loaded, loading, failure) = (model, null, null);
            }

            services.Observer?.Loaded(name, services.Time.GetElapsedTime(started));
            if (old is not null)
            {
                _ = ReplaceAsync(old);
            }

            await services.Memory.MakeRoomAsync(this, 0).ConfigureAwait(false);
            services.Preparation.Begin(model);
            return model;
        }
        catch (Exception problem)
        {
            // What may pass is not kept: nothing of the folder would change to tell that it has.
            lock (gate)
            {
                (loading, failure) = (
                    null,
                    problem is ModelNotUsableException known && !FolderProblem.MayPass(problem)
                        ? (known.Message, known.IsLate, stamp)
                        : null
                );
            }

            services.Observer?.Failed(name, problem.Message);
            if ((problem as ModelNotUsableException)?.Fault is { } fault)
            {
                services.Observer?.Faulted(name, fault);
            }

            throw;
        }
    }

    /// <summary>Requests that run on the old model end on it.</summary>
    private async Task ReplaceAsync(LoadedModel old)
    {
        await old.RetireAsync().ConfigureAwait(false);
        await services.Loader.Unused.GiveBackAsync(new WeakReference(old)).ConfigureAwait(false);
    }

    private ModelNotUsableException? KnownFailure()
    {
        lock (gate)
        {
            if (failure is null)
            {
                return null;
            }
        }

        var stamp = FolderStamp.Of(path);
        lock (gate)
        {
            return failure is { } known && known.Stamp == stamp
                ? new ModelNotUsableException(known.Message) { IsLate = known.IsLate, Model = name }
                : null;
        }
    }
}
