namespace ExplainService.Protocol.Lines;

/// <summary>A line of a stream from its reading until its answer has been written.</summary>
/// <param name="bytes">What it says; null where it is over the limit.</param>
public sealed class LineWork(byte[]? bytes) : IDisposable
{
    private readonly TaskCompletionSource turn = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<IDisposable> held = [];
    private bool ended;

    /// <summary>Its number in the stream, from 1; blank lines count.</summary>
    public required int Number { get; init; }

    /// <summary>Why the stream ends here, where this is no line of it.</summary>
    public Exception? End { get; init; }

    /// <summary>How long it is.</summary>
    public int Length => bytes?.Length ?? 0;

    /// <summary>Done once every line before it has been answered and written.</summary>
    public Task Turn => turn.Task;

    /// <summary>How often it has been tried; null before the first time.</summary>
    public LineTries? Tries { get; internal set; }

    /// <summary>Whether its answer is so large that it is to be written piece by piece.</summary>
    public bool IsLarge { get; set; }

    /// <summary>What it says; null where it is over the limit.</summary>
    internal byte[]? Bytes => bytes;

    /// <summary>Keeps something until the answer has been written.</summary>
    public void Hold(IDisposable resource)
    {
        lock (held)
        {
            if (!ended)
            {
                held.Add(resource);
                return;
            }
        }

        resource.Dispose();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (held)
        {
            ended = true;
            held.ForEach(resource => resource.Dispose());
            held.Clear();
        }
    }

    /// <summary>Every line before it has been written.</summary>
    internal void Begin() => turn.TrySetResult();
}
