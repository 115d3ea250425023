using ExplainService.Graph;
using ExplainService.Graph.Forms;
using ExplainService.Runtime.Sessions;

namespace ExplainService.Runtime.Execution;

/// <summary>A model's forms as sessions, each made once, over one copy of the weights.</summary>
/// <param name="model">The model's name.</param>
/// <param name="factory">Makes sessions.</param>
/// <param name="observer">Is told of faults of the compiler.</param>
/// <param name="stop">Ends the making of sessions and their runs; disposed of with them.</param>
internal sealed class FormSessions(string model, SessionFactory factory, IModelObserver? observer, CancellationTokenSource stop)
    : IAsyncDisposable
{
    private readonly SharedWeights weights = new();
    private readonly OnceAsync<string, FormSession> sessions = new();
    private readonly List<FormSession> kept = [];
    private readonly CancellationToken stopped = stop.Token;
    private long sessionBytes;

    /// <summary>A session was added to those that stay.</summary>
    public Action? Grown { get; set; }

    /// <summary>Memory of the weights and of the sessions that stay.</summary>
    public long Bytes => weights.Bytes + Interlocked.Read(ref sessionBytes);

    /// <summary>How many sessions stay.</summary>
    public int Count
    {
        get
        {
            lock (kept)
            {
                return kept.Count + sessions.Made.Count(making => making.IsCompletedSuccessfully);
            }
        }
    }

    /// <summary>Sessions of a model made from this one, over weights of its own.</summary>
    public FormSessions Apart() => new(model, factory, observer, CancellationTokenSource.CreateLinkedTokenSource(stopped));

    /// <summary>The session of a form that every model has.</summary>
    /// <param name="name">The form's name.</param>
    /// <param name="compile">Makes the form.</param>
    public Task<FormSession> GetAsync(string name, Func<Form> compile) =>
        sessions.GetAsync(name, () => Task.FromResult(Counted(Open(compile()))));

    /// <summary>The session of a form that a model's graph may not allow.</summary>
    /// <param name="name">The form's name.</param>
    /// <param name="compile">Makes the form.</param>
    /// <exception cref="NotSupportedByModelException">It does not allow it, or this service could not make it.</exception>
    public async Task<FormSession> GetDerivedAsync(string name, Func<Form> compile)
    {
        try
        {
            return await GetAsync(name, compile).ConfigureAwait(false);
        }
        catch (Exception error) when (error is NotSupportedException or ModelNotUsableException or GraphFormatException)
        {
            throw new NotSupportedByModelException(error.Message) { IsLate = error is ModelNotUsableException { IsLate: true } };
        }
        catch (GraphCompilerException fault)
        {
            Report(fault);
            throw new NotSupportedByModelException(fault.Message);
        }
    }

    /// <summary>A session that is the caller's to dispose of, unless it is kept.</summary>
    public FormSession Open(Form form) => factory.Create(form, weights, stopped);

    /// <summary>Keeps a session as long as the others.</summary>
    public FormSession Keep(FormSession session)
    {
        lock (kept)
        {
            kept.Add(session);
        }

        return Counted(session);
    }

    /// <summary>Tells of a fault of the compiler, which the model is not to blame for.</summary>
    public void Report(GraphCompilerException fault) => observer?.Faulted(model, fault);

    /// <summary>Frees the sessions, then the weights that they read.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var making in sessions.Made)
        {
            try
            {
                (await making.ConfigureAwait(false)).Dispose();
            }
            catch (Exception)
            {
                // It was never made, so there is nothing to free.
            }
        }

        lock (kept)
        {
            kept.ForEach(session => session.Dispose());
        }

        weights.Dispose();
        stop.Dispose();
    }

    private FormSession Counted(FormSession session)
    {
        Interlocked.Add(ref sessionBytes, session.Bytes);
        Grown?.Invoke();
        return session;
    }
}
