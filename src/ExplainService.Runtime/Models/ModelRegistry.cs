using System.Collections.Concurrent;
using ExplainService.Runtime.Models.Running;
using ExplainService.Runtime.Scheduling;
using ExplainService.Runtime.Sessions;

namespace ExplainService.Runtime.Models;

/// <summary>The models of a directory, loaded on first use, on one queue.</summary>
public sealed class ModelRegistry : IModelRegistry, IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, ModelSlot> slots = new(StringComparer.Ordinal);
    private readonly ModelOptions options;
    private readonly ModelLoader loader;

    /// <summary>Creates a registry; nothing is loaded yet.</summary>
    public ModelRegistry(ModelOptions options, RuntimeOptions runtime, TimeProvider time)
    {
        this.options = options;
        Scheduler = new Scheduler(runtime.Scheduling, time);
        loader = new ModelLoader(new SessionFactory(runtime), runtime, time);
    }

    /// <summary>The queue in front of the device: what it has run, what waits, and draining.</summary>
    public Scheduler Scheduler { get; }

    /// <inheritdoc/>
    public string? Default
    {
        get
        {
            var names = Names();
            if (!string.IsNullOrEmpty(options.Default))
                return names.Contains(options.Default) ? options.Default : null;
            return names.Count == 1 ? names[0] : names.Contains(ModelOptions.Bundled) ? ModelOptions.Bundled : null;
        }
    }

    /// <inheritdoc/>
    public string? Error
    {
        get
        {
            if (!Directory.Exists(options.Directory))
                return "Models:Directory is not there";
            var names = Names();
            if (names.Count == 0)
                return "Models:Directory holds no model";
            // Somebody chose it: another model's answers in its place would be taken for its own.
            return string.IsNullOrEmpty(options.Default) || names.Contains(options.Default)
                ? null
                : $"Models:Default is '{options.Default}', and Models:Directory holds only {string.Join(", ", names)}";
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<ModelEntry> List() => [.. Names().Select(name => Slot(name).Entry())];

    /// <inheritdoc/>
    public ModelEntry Find(string name) => Existing(name).Entry();

    /// <inheritdoc/>
    public ValueTask<ILoadedModel> GetAsync(string? name, CancellationToken cancellationToken)
    {
        var slot = Existing(name ?? Default ?? throw NoDefault());
        return slot.Loaded is { } loaded ? new ValueTask<ILoadedModel>(loaded) : slot.GetAsync(retry: false, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<ModelEntry> LoadAsync(string name, CancellationToken cancellationToken)
    {
        var slot = Existing(name);
        try
        {
            await slot.GetAsync(retry: true, cancellationToken).ConfigureAwait(false);
        }
        catch (ModelNotUsableException)
        {
            // The entry says what is wrong.
        }

        return slot.Entry();
    }

    /// <inheritdoc/>
    public async Task<ModelEntry> UnloadAsync(string name, CancellationToken cancellationToken)
    {
        var slot = Existing(name);
        await slot.UnloadAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
        return slot.Entry();
    }

    /// <summary>Stops the queue and frees every model.</summary>
    public async ValueTask DisposeAsync()
    {
        Scheduler.Dispose();
        foreach (var slot in slots.Values)
            await slot.UnloadAsync().ConfigureAwait(false);
    }

    /// <summary>The folders there are now, in order. Names come from the disk, not from a request, so none leads out of it.</summary>
    private List<string> Names() => Directory.Exists(options.Directory)
        ? [.. Directory.EnumerateDirectories(options.Directory)
            .Select(path => Path.GetFileName(path)!).Where(name => !name.StartsWith('.')).Order(StringComparer.Ordinal)]
        : [];

    private ModelNotFoundException NoDefault() =>
        new(Error is { } error ? error + "." : $"There are several models and no default: name one of {string.Join(", ", Names())}.");

    private ModelSlot Existing(string name)
    {
        if (Names().Contains(name))
            return Slot(name);

        // Its folder was taken away: the requests that use it may end.
        if (slots.TryRemove(name, out var gone))
            _ = gone.UnloadAsync();
        throw new ModelNotFoundException($"There is no model '{name}'.");
    }

    private ModelSlot Slot(string name) => slots.GetOrAdd(
        name, _ => new ModelSlot(Path.GetFullPath(Path.Combine(options.Directory, name)), options.Files.GetValueOrDefault(name), loader, Scheduler));
}
