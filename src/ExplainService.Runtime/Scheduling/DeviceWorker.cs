namespace ExplainService.Runtime.Scheduling;

/// <summary>
/// A thread of our own that feeds the device: ONNX Runtime blocks for as long as a batch takes, which the thread pool must not.
/// </summary>
internal sealed class DeviceWorker
{
    private readonly Thread thread;

    public DeviceWorker(int number, Action loop)
    {
        thread = new Thread(() => loop()) { IsBackground = true, Name = $"device {number}" };
        // Without what its maker was at: the first request's trace is none of the others'.
        thread.UnsafeStart();
    }

    public void Join() => thread.Join();
}
