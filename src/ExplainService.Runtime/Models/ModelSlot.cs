using ExplainService.Runtime.Models.Running;
using ExplainService.Runtime.Scheduling;
using ExplainService.Text;

namespace ExplainService.Runtime.Models;

/// <summary>One folder of the directory and what has become of it.</summary>
internal sealed class ModelSlot(string path, string? file, ModelLoader loader, Scheduler scheduler)
{
    private readonly Lock gate = new();
    private Task<LoadedModel>? loading;
    private LoadedModel? loaded;
    private string? error;
    private long errorStamp;

    /// <summary>The model, if it is loaded.</summary>
    public LoadedModel? Loaded => Volatile.Read(ref loaded);

    /// <summary>What to tell of it.</summary>
    public ModelEntry Entry()
    {
        var name = Path.GetFileName(path);
        try
        {
            var config = ModelConfig.Read(path);
            var bytes = ModelFolder.Open(path, file).Files.Sum(part => new FileInfo(part).Length);
            var entry = new ModelEntry(name, ModelState.Available, config.Task, config.Labels, null, null, bytes, null);
            if (Loaded is { } model)
                return entry with { State = ModelState.Loaded, Task = model.Description.Task, Labels = model.Description.Labels, Description = model.Description, FileHash = model.FileHash, Fast = model.Fast };
            if (KnownError() is { } known)
                return entry with { State = ModelState.Broken, Error = known };
            lock (gate)
                return loading is null ? entry : entry with { State = ModelState.Loading };
        }
        catch (Exception problem) when (problem is ModelNotUsableException or IOException or UnauthorizedAccessException)
        {
            return new ModelEntry(name, ModelState.Broken, null, [], null, null, 0, problem.Message);
        }
    }

    /// <summary>The model, loaded if need be.</summary>
    /// <param name="retry">Try again what failed before, although the folder has not changed.</param>
    /// <param name="cancellationToken">Stops waiting; a load that others may wait for goes on.</param>
    /// <exception cref="ModelNotUsableException">The folder cannot be served.</exception>
    public async ValueTask<ILoadedModel> GetAsync(bool retry, CancellationToken cancellationToken)
    {
        if (!retry && KnownError() is { } known)
            throw new ModelNotUsableException(known);

        Task<LoadedModel> task;
        lock (gate)
        {
            if (loaded is not null)
                return loaded;
            task = loading ??= Task.Run(LoadAsync, CancellationToken.None);
        }

        return await task.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Frees the model once nobody runs on it.</summary>
    public async Task UnloadAsync()
    {
        Task<LoadedModel>? pending;
        lock (gate)
            pending = loading;
        if (pending is not null)
            await pending.ContinueWith(static _ => { }, TaskScheduler.Default).ConfigureAwait(false);

        await TakeAsync().ConfigureAwait(false);

        // Its weights are freed with the last object that refers to them, and an owner who unloads a model wants its memory now.
        _ = Task.Run(Collect);
    }

    /// <summary>Twice: what the finalisers of weights let go of is free only after them.</summary>
    private static void Collect()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
    }

    /// <summary>Lets go of the model; completes when it is freed.</summary>
    private Task TakeAsync()
    {
        LoadedModel? model;
        lock (gate)
            (model, loaded) = (loaded, null);
        return model?.RetireAsync() ?? Task.CompletedTask;
    }

    private async Task<LoadedModel> LoadAsync()
    {
        var stamp = ModelFolder.Stamp(path);
        try
        {
            var folder = ModelFolder.Open(path, file);
            var hash = Task.Run(() => ModelLoader.HashAsync(folder));
            var (forms, description) = await loader.LoadAsync(folder).ConfigureAwait(false);
            var tokenizer = await TokenizerAsync(folder, forms).ConfigureAwait(false);
            var model = new LoadedModel(
                description, tokenizer, forms, await hash.ConfigureAwait(false), async () => (await loader.LoadAsync(folder).ConfigureAwait(false)).Forms, scheduler);
            lock (gate)
                (loaded, loading, error) = (model, null, null);
            if (loader.MeasuresFast)
                _ = Task.Run(model.MeasureFastAsync);
            return model;
        }
        catch (Exception problem) when (MemoryShortage.Caused(problem) || problem is ServiceBusyException)
        {
            // Nothing is wrong with the folder, so it is tried again when it is next asked for.
            lock (gate)
                loading = null;
            throw MemoryShortage.Refusal($"to load the model '{Path.GetFileName(path)}'");
        }
        catch (Exception problem)
        {
            lock (gate)
                (loading, error, errorStamp) = (null, problem.Message, stamp);
            throw problem is ModelNotUsableException ? problem : new ModelNotUsableException(problem.Message, problem);
        }
    }

    private static async Task<Tokenizer> TokenizerAsync(ModelFolder folder, ModelForms forms)
    {
        try
        {
            return ModelLoader.LoadTokenizer(folder, forms.Limits);
        }
        catch
        {
            await forms.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private string? KnownError()
    {
        lock (gate)
        {
            if (error is null)
                return null;
        }

        var stamp = ModelFolder.Stamp(path);
        lock (gate)
            return stamp == errorStamp ? error : null;
    }
}
