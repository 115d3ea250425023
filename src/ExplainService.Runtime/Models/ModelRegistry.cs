using System.Collections.Concurrent;
using ExplainService.Runtime.Execution;
using ExplainService.Runtime.Folders;
using ExplainService.Runtime.Scheduling;
using ExplainService.Runtime.Sessions;

namespace ExplainService.Runtime.Models;

/// <summary>The models of a directory, loaded on first use, on one queue.</summary>
public sealed class ModelRegistry : IModelRegistry, IAsyncDisposable
{
    private static readonly TimeSpan MaxClosing = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<string, ModelSlot> slots = new(StringComparer.Ordinal);
    private readonly ModelOptions options;
    private readonly FolderNames folders;
    private readonly CancellationTokenSource closing = new();
    private readonly ModelServices services;
    private bool disposed;

    /// <summary>Creates a registry; nothing is loaded yet.</summary>
    /// <exception cref="ProviderNotAvailableException">No model could be run with these options.</exception>
    public ModelRegistry(ModelOptions options, RuntimeOptions runtime, TimeProvider time, IModelObserver? observer = null)
    {
        this.options = options;
        folders = new FolderNames(options.Directory);
        Scheduler = new Scheduler(runtime.Scheduling, time);
        var limits = options.Times(time);
        var loader = new ModelLoader(new SessionFactory(runtime, limits), runtime, Scheduler.Device, limits, observer);
        var memory = new MemoryLimit((long)options.MemoryMegabytes << 20, () => slots.Values, () => loader.Unused.GiveBackAsync(), time);
        services = new ModelServices(
            loader,
            Scheduler,
            memory,
            new FormPreparation(options.PrepareForms, runtime.MeasureFast, Scheduler, memory, limits, closing.Token),
            time,
            observer,
            closing.Token
        );
    }

    /// <summary>The queue in front of the device: what it has run, what waits, and draining.</summary>
    public Scheduler Scheduler { get; }

    /// <inheritdoc/>
    public string? Default
    {
        get
        {
            var names = Names;
            if (!string.IsNullOrEmpty(options.Default))
            {
                return names.Contains(options.Default) ? options.Default : null;
            }

            return names.Count == 1 ? names[0]
                : names.Contains(ModelOptions.Bundled) ? ModelOptions.Bundled
                : null;
        }
    }

    /// <inheritdoc/>
    /// <remarks>
    /// The folders, and the models in memory whose folder is away: it may be on its way to be replaced, and they answer until they are
    /// unloaded.
    /// </remarks>
    public IReadOnlyList<string> Names =>
        [
            .. folders
                .Read()
                .Names.Union(slots.Where(slot => slot.Value.HasModel).Select(slot => slot.Key), StringComparer.Ordinal)
                .Order(StringComparer.Ordinal),
        ];

    /// <inheritdoc/>
    public string? Error
    {
        get
        {
            if (folders.Read().Problem is { } problem)
            {
                return problem;
            }

            var names = Names;
            if (names.Count == 0)
            {
                return "Models:Directory holds no model";
            }
            // Somebody chose it: another model's answers in its place would be taken for its own.
            return string.IsNullOrEmpty(options.Default) || names.Contains(options.Default)
                ? null
                : $"Models:Default is '{options.Default}', and Models:Directory holds no such model";
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<ModelEntry> List() => [.. Names.Select(name => Slot(name).Entry())];

    /// <inheritdoc/>
    public ModelEntry Find(string name) => Existing(name).Entry();

    /// <inheritdoc/>
    public ValueTask<ILoadedModel> GetAsync(string? name, CancellationToken cancellationToken)
    {
        // What is loaded needs no disk to answer.
        var wanted = name ?? Default ?? throw NoDefault();
        if (slots.GetValueOrDefault(wanted)?.Loaded is { } loaded)
        {
            loaded.Use();
            return new ValueTask<ILoadedModel>(loaded);
        }

        return Existing(wanted).GetAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<ModelEntry> LoadAsync(string name, CancellationToken cancellationToken)
    {
        var slot = Existing(name);
        await slot.RenewAsync(cancellationToken).ConfigureAwait(false);
        return slot.Entry();
    }

    /// <inheritdoc/>
    public async Task<ModelEntry> UnloadAsync(string name, CancellationToken cancellationToken)
    {
        var slot = Existing(name);
        if (await slot.UnloadAsync().WaitAsync(cancellationToken).ConfigureAwait(false) is { } freed)
        {
            // An owner who unloads a model wants its memory now.
            await services.Loader.Unused.GiveBackAsync(freed).WaitAsync(cancellationToken).ConfigureAwait(false);
        }

        return slot.Entry();
    }

    /// <summary>Stops the queue and frees every model.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref disposed, true))
        {
            return;
        }

        await closing.CancelAsync().ConfigureAwait(false);
        Scheduler.Dispose();
        try
        {
            await Task.WhenAll(slots.Values.Select(slot => slot.UnloadAsync())).WaitAsync(MaxClosing).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // Something is being computed that cannot be stopped. The process need not wait for it.
        }

        services.Memory.Dispose();
        closing.Dispose();
    }

    private ModelNotFoundException NoDefault() =>
        Error is { } error ? new ModelNotFoundException(error + ".") : ModelNotFoundException.NoDefault(Names);

    private ModelSlot Existing(string name) =>
        Names.Contains(name)
            ? Slot(name)
            : throw new ModelNotFoundException(
                $"There is no model '{name}'{(folders.Read().Problem is { } problem ? ": " + problem : "")}."
            );

    private ModelSlot Slot(string name) =>
        slots.GetOrAdd(
            name,
            _ => new ModelSlot(Path.GetFullPath(Path.Combine(options.Directory, name)), options.Files.GetValueOrDefault(name), services)
        );
}
