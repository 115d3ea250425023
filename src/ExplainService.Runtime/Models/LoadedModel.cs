using ExplainService.Runtime.Execution;
using ExplainService.Runtime.Folders;
using ExplainService.Runtime.Scheduling;
using ExplainService.Runtime.Sessions;
using ExplainService.Text.Tokenization;

namespace ExplainService.Runtime.Models;

/// <summary>
/// A model that answers. Freed when it is retired and nobody runs on it; whoever still holds it then may go on using it: it is loaded
/// again for them, so that unloading never breaks a request between two of its steps.
/// </summary>
internal sealed class LoadedModel : ILoadedModel
{
    private static readonly SemaphoreSlim Randomising = new(1);
    private static long uses;

    private readonly Lock gate = new();
    private readonly TaskCompletionSource prepared = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Func<Task<ModelForms>> reload;
    private readonly IModelObserver? observer;
    private readonly Scheduler scheduler;
    private readonly TimeLimits limits;
    private ModelForms? forms;
    private Task<ModelForms>? reloading;
    private TaskCompletionSource? freed;
    private int users;
    private long lastUsed;

    /// <param name="read">What was read of its folder.</param>
    /// <param name="forms">Its forms.</param>
    /// <param name="reload">Reads the same forms again, or fails: two models must not meet in one explanation.</param>
    /// <param name="scheduler">The queue.</param>
    /// <param name="observer">Is told of faults that no caller sees.</param>
    /// <param name="limits">How long its callers wait for a form.</param>
    public LoadedModel(
        ModelReading read,
        ModelForms forms,
        Func<Task<ModelForms>> reload,
        Scheduler scheduler,
        IModelObserver? observer = null,
        TimeLimits? limits = null
    )
    {
        (Read, this.forms, this.reload, this.observer) = (read, forms, reload, observer);
        (this.scheduler, this.limits) = (scheduler, limits ?? TimeLimits.None);
        LoadedBytes = forms.Bytes;
        forms.Grown = Grow;
        Runner = new ModelRunner(this, forms.Table, forms.DecoderTable, scheduler, this.limits);
        Texts =
            forms.Texts is { } texts && read.Description.Texts is not null
                ? new TextSide(this, new ModelRunner(this, texts.Table, texts.DecoderTable, scheduler, this.limits) { ReadsTexts = true })
                : null;
        Use();
    }

    /// <summary>A form was added.</summary>
    public event Action? Grown;

    /// <summary>What was read of its folder.</summary>
    public ModelReading Read { get; }

    /// <inheritdoc/>
    public ModelDescription Description => Read.Description;

    /// <inheritdoc/>
    public Tokenizer Tokenizer => Texts is null ? Read.Tokenizer : Tokenizer.None;

    /// <inheritdoc/>
    public ILoadedModel? Texts { get; }

    /// <inheritdoc/>
    public IModelRunner Runner { get; }

    /// <summary>What is known of its int8 form; null: not measured yet.</summary>
    public FastState? Fast { get; set; }

    /// <summary>Memory that it took when it was loaded: its weights and its forward form.</summary>
    public long LoadedBytes { get; }

    /// <summary>Memory that it takes: its weights and the forms that have been made.</summary>
    public long Bytes
    {
        get
        {
            lock (gate)
            {
                return forms?.Bytes ?? 0;
            }
        }
    }

    /// <summary>How many sessions its forms have.</summary>
    public int Sessions
    {
        get
        {
            lock (gate)
            {
                return forms?.Sessions ?? 0;
            }
        }
    }

    /// <summary>When it was last asked for: later ones have larger numbers, over all models.</summary>
    public long LastUsed => Volatile.Read(ref lastUsed);

    /// <summary>Somebody runs on it, or keeps it.</summary>
    public bool IsInUse
    {
        get
        {
            lock (gate)
            {
                return users > 0;
            }
        }
    }

    /// <summary>It is on its way out: nobody gets it any more.</summary>
    public bool IsRetired
    {
        get
        {
            lock (gate)
            {
                return freed is not null;
            }
        }
    }

    /// <summary>Done when the forms that requests with default settings need have been made, or will not be.</summary>
    public Task Preparing => prepared.Task;

    /// <inheritdoc/>
    public IDisposable? TryHold()
    {
        lock (gate)
        {
            if (freed is not null)
            {
                return null;
            }

            users++;
        }

        return new Held(this);
    }

    /// <inheritdoc/>
    public async Task<IRandomisedModel> RandomiseAsync(int layers, Func<double> gaussian, CancellationToken cancellationToken)
    {
        await Randomising.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            using var lease = await UseAsync(cancellationToken).ConfigureAwait(false);
            var made = await OwnThread.RunAsync(() => Task.FromResult(lease.Forms.Randomised(layers, gaussian))).ConfigureAwait(false);
            var model = new LoadedModel(Read, made, () => throw Gone(), scheduler, observer, limits);
            return new RandomisedModel(model, () => Randomising.Release());
        }
        catch
        {
            Randomising.Release();
            throw;
        }
    }

    /// <summary>What makes the forms that requests with default settings need; nothing where it is on its way out.</summary>
    public IEnumerable<Func<Task>> ExpectedForms()
    {
        lock (gate)
        {
            return forms?.Expected(Description) ?? [];
        }
    }

    /// <summary>Those forms have been made, or will not be.</summary>
    public void Prepared() => prepared.TrySetResult();

    /// <summary>Somebody asks for it.</summary>
    public void Use() => Volatile.Write(ref lastUsed, Interlocked.Increment(ref uses));

    /// <summary>The model's forms, which stay until the lease is disposed of.</summary>
    public async ValueTask<Lease> UseAsync(CancellationToken cancellationToken)
    {
        lock (gate)
        {
            users++;
            if (forms is not null)
            {
                return new Lease(this, forms);
            }
        }

        try
        {
            return new Lease(this, await ReloadAsync().WaitAsync(cancellationToken).ConfigureAwait(false));
        }
        catch
        {
            Leave();
            throw;
        }
    }

    /// <summary>Makes and measures the int8 form, so that what is known of it can be told.</summary>
    public async Task MeasureFastAsync()
    {
        try
        {
            await Runner.FastAsync(CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception error)
            when (error is NotSupportedByModelException or ServiceBusyException or ModelNotUsableException { IsLate: true }
                || MemoryShortage.Caused(error)
            )
        {
            // A refusal has been noted; what the service has no room or time for now is measured when somebody asks.
        }
        catch (Exception error)
        {
            // Nobody waits for this, so whatever it was must be told here.
            if (ModelFaults.IsFault(error))
            {
                observer?.Faulted(Description.Name, error);
                Fast = new FastState(null, "This service could not make the int8 form.");
            }
            else
            {
                Fast = new FastState(null, "The int8 form could not be made: " + error.Message);
            }
        }
    }

    /// <summary>Frees the model as soon as nobody runs on it; completes when it is freed.</summary>
    public Task RetireAsync()
    {
        lock (gate)
        {
            freed ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            if (users == 0)
            {
                Free();
            }

            return freed.Task;
        }
    }

    private Task<ModelForms> ReloadAsync()
    {
        lock (gate)
        {
            if (forms is not null)
            {
                return Task.FromResult(forms);
            }

            return reloading ??= Task.Run(async () =>
            {
                try
                {
                    var loaded = await reload().ConfigureAwait(false);
                    loaded.Grown = Grow;
                    lock (gate)
                    {
                        forms = loaded;
                        if (users == 0 && freed is not null)
                        {
                            Free();
                        }
                    }

                    return loaded;
                }
                catch (ModelNotUsableException refused) when (refused.Fault is { } fault)
                {
                    observer?.Faulted(Description.Name, fault);
                    throw;
                }
                finally
                {
                    lock (gate)
                    {
                        reloading = null;
                    }
                }
            });
        }
    }

    private static ServiceBusyException Gone() =>
        new("A model whose layers were drawn anew is used for one answer alone.", TimeSpan.FromSeconds(1), unavailable: true);

    private void Grow() => Grown?.Invoke();

    private void Leave()
    {
        lock (gate)
        {
            if (--users == 0 && freed is not null)
            {
                Free();
            }
        }
    }

    /// <summary>Called with the lock held.</summary>
    private void Free()
    {
        var (freeing, done) = (forms, freed!);
        forms = null;
        _ = Task.Run(async () =>
        {
            if (freeing is not null)
            {
                await freeing.DisposeAsync().ConfigureAwait(false);
            }

            done.TrySetResult();
        });
    }

    private sealed class RandomisedModel(LoadedModel model, Action freed) : IRandomisedModel
    {
        /// <inheritdoc/>
        public ILoadedModel Model => model;

        /// <inheritdoc/>
        public async ValueTask DisposeAsync()
        {
            await model.RetireAsync().ConfigureAwait(false);
            freed();
        }
    }

    /// <summary>Keeps it; given back once.</summary>
    private sealed class Held(LoadedModel model) : IDisposable
    {
        private LoadedModel? held = model;

        /// <inheritdoc/>
        public void Dispose() => Interlocked.Exchange(ref held, null)?.Leave();
    }

    /// <summary>A use of the model.</summary>
    public readonly struct Lease(LoadedModel model, ModelForms forms) : IDisposable
    {
        /// <summary>What is used.</summary>
        public ModelForms Forms => forms;

        /// <inheritdoc/>
        public void Dispose() => model.Leave();
    }
}
