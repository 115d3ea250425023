using ExplainService.Graph.Forms;
using Microsoft.ML.OnnxRuntime;

namespace ExplainService.Runtime.Sessions;

/// <summary>A form that is ready to run, on the device's threads. Keeps the weights alive that the session reads.</summary>
internal sealed class FormSession(Form form, InferenceSession session) : IDisposable
{
    private readonly object gate = new();
    private int running;
    private bool closed;

    /// <summary>What it runs.</summary>
    public Form Form => form;

    /// <summary>Runs it once.</summary>
    /// <param name="inputs">The inputs.</param>
    /// <param name="outputs">The outputs wanted.</param>
    /// <param name="cancellationToken">Nobody waits any more: stops between two operators.</param>
    /// <param name="lifetime">Disposes of the results.</param>
    /// <returns>The outputs in the order asked for.</returns>
    public IReadOnlyList<OrtValue> Run(
        SessionInputs inputs,
        IReadOnlyCollection<string> outputs,
        CancellationToken cancellationToken,
        out IDisposable lifetime
    )
    {
        Enter();
        try
        {
            using var options = new RunOptions();
            using var stop = cancellationToken.UnsafeRegister(static run => ((RunOptions)run!).Terminate = true, options);
            var results = session.Run(options, inputs.Values, outputs);
            lifetime = results;
            return results;
        }
        catch (OnnxRuntimeException) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);
        }
        finally
        {
            Exit();
        }
    }

    /// <summary>Frees the session once the runs in progress have ended: a batch may outlive its callers for a moment.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            closed = true;
            while (running > 0)
            {
                Monitor.Wait(gate);
            }
        }

        session.Dispose();
    }

    private void Enter()
    {
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(closed, this);
            running++;
        }
    }

    private void Exit()
    {
        lock (gate)
        {
            running--;
            Monitor.PulseAll(gate);
        }
    }
}
