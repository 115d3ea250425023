using ExplainService.Runtime.Execution;
using ExplainService.Runtime.Folders;
using ExplainService.Runtime.Scheduling;

namespace ExplainService.Runtime.Models;

/// <summary>One folder of the directory and what has become of it.</summary>
internal sealed class ModelSlot(
    string path,
    string? file,
    ModelLoader loader,
    Scheduler scheduler,
    TimeProvider time,
    IModelObserver? observer
)
{
    private readonly string name = Path.GetFileName(path);
    private readonly Lock gate = new();
    private readonly FolderReader reader = new(path, file, loader);
    private readonly FolderListing listing = new(path, file);
    private Task<LoadedModel>? loading;
    private LoadedModel? loaded;
    private (string Message, FolderStamp Stamp)? failure;

    /// <summary>The model, if it is loaded.</summary>
    public LoadedModel? Loaded => Volatile.Read(ref loaded);

    /// <summary>It is loaded, or being loaded.</summary>
    public bool InUse
    {
        get
        {
            lock (gate)
            {
                return loaded is not null || loading is not null;
            }
        }
    }

    /// <summary>What to tell of it. Nothing in a folder makes this fail: the others are to be listed all the same.</summary>
    public ModelEntry Entry()
    {
        if (Loaded is { } model)
        {
            return listing.Of(model);
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
    /// <param name="retry">Try again what failed before, although the folder has not changed.</param>
    /// <param name="cancellationToken">Stops waiting; a load that others may wait for goes on.</param>
    /// <exception cref="ModelNotUsableException">The folder cannot be served.</exception>
    public async ValueTask<ILoadedModel> GetAsync(bool retry, CancellationToken cancellationToken)
    {
        if (!retry && KnownFailure() is { } known)
        {
            throw new ModelNotUsableException(known);
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

    /// <summary>Frees the model once nobody runs on it.</summary>
    public async Task UnloadAsync()
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

        await TakeAsync().ConfigureAwait(false);
    }

    /// <summary>Lets go of the model; completes when it is freed.</summary>
    private async Task TakeAsync()
    {
        LoadedModel? model;
        lock (gate)
        {
            (model, loaded) = (loaded, null);
        }

        if (model is not null)
        {
            await model.RetireAsync().ConfigureAwait(false);
            observer?.Unloaded(name);
        }
    }

    /// <summary>However it ends, the next caller may try again.</summary>
    private async Task<LoadedModel> LoadAsync()
    {
        var stamp = FolderStamp.Of(path);
        var started = time.GetTimestamp();
        try
        {
            var (read, forms) = await reader.ReadAsync().ConfigureAwait(false);
            var model = new LoadedModel(read, forms, () => reader.ReloadAsync(read), scheduler, observer);
            lock (gate)
            {
                (loaded, loading, failure) = (model, null, null);
            }

            observer?.Loaded(name, time.GetElapsedTime(started));
            if (loader.MeasuresFast)
            {
                _ = Task.Run(model.MeasureFastAsync);
            }

            return model;
        }
        catch (Exception problem)
        {
            // What may pass is not kept: nothing of the folder would change to tell that it has.
            lock (gate)
            {
                (loading, failure) = (
                    null,
                    problem is ModelNotUsableException && !FolderProblem.MayPass(problem) ? (problem.Message, stamp) : null
                );
            }

            observer?.Failed(name, problem.Message);
            if ((problem as ModelNotUsableException)?.Fault is { } fault)
            {
                observer?.Faulted(name, fault);
            }

            throw;
        }
    }

    private string? KnownFailure()
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
            return failure is { } known && known.Stamp == stamp ? known.Message : null;
        }
    }
}
