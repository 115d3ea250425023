using ExplainService.Graph.Forms;
using Microsoft.ML.OnnxRuntime;

namespace ExplainService.Runtime.Sessions;

/// <summary>A form that is ready to run, on the device's threads. Keeps the weights alive that the session reads.</summary>
/// <param name="form">What it runs.</param>
/// <param name="session">ONNX Runtime's session.</param>
/// <param name="limits">How long a run may take.</param>
/// <param name="bytes">Memory that the session took.</param>
/// <param name="stop">Ends every run.</param>
internal sealed class FormSession(Form form, InferenceSession session, TimeLimits limits, long bytes, CancellationToken stop) : IDisposable
{
    private readonly object gate = new();
    private int running;
    private bool closed;

    /// <summary>What it runs.</summary>
    public Form Form => form;

    /// <summary>Memory that the session took when it was made, beside the weights.</summary>
    public long Bytes => bytes;

    /// <summary>Runs it once.</summary>
    /// <param name="inputs">The inputs.</param>
    /// <param name="outputs">The outputs wanted.</param>
    /// <param name="cancellationToken">Nobody waits any more: stops between two operators.</param>
    /// <param name="lifetime">Disposes of the results.</param>
    /// <returns>The outputs in the order asked for.</returns>
    /// <exception cref="NotSupportedByModelException">It took longer than a run may.</exception>
    public IReadOnlyList<OrtValue> Run(
        SessionInputs inputs,
        IReadOnlyCollection<string> outputs,
        CancellationToken cancellationToken,
        out IDisposable lifetime
    )
    {
        Enter();
        using var late = new CancellationTokenSource(limits.Batch, limits.Time);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, stop, late.Token);
        try
        {
            using var options = new RunOptions();
            using var end = ended.Token.UnsafeRegister(static run => ((RunOptions)run!).Terminate = true, options);
            using var trace = SessionTraces.Run(form.Name);
            var results = session.Run(options, inputs.Values, outputs);
            lifetime = results;
            return results;
        }
        catch (OnnxRuntimeException) when (ended.IsCancellationRequested)
        {
            cancellationToken.ThrowIfCancellationRequested();
            stop.ThrowIfCancellationRequested();
            throw new NotSupportedByModelException(TimeLimits.Exceeded("The model did not compute a batch", limits.Batch, "BatchSeconds"))
            {
                IsSlow = true,
            };
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
