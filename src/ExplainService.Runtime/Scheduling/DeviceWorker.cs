using System.Runtime.InteropServices;

namespace ExplainService.Runtime.Scheduling;

/// <summary>
/// A thread of our own that feeds the device: ONNX Runtime blocks for as long as a batch takes, which the thread pool must not.
/// </summary>
internal sealed partial class DeviceWorker
{
    private const int OfProcess = 0;
    private const int ThisThread = 0;

    private readonly Thread thread;

    /// <summary>Starts the thread.</summary>
    /// <param name="number">For debuggers.</param>
    /// <param name="niceness">How far it gives way to the other threads of the process where cores are short, as <c>nice(1)</c> counts.</param>
    /// <param name="loop">What it does.</param>
    public DeviceWorker(int number, int niceness, Action loop)
    {
        thread = new Thread(() =>
        {
            GiveWay(niceness);
            loop();
        })
        {
            IsBackground = true,
            Name = $"device {number}",
        };
        // Without what its maker was at: the first request's trace is none of the others'.
        thread.UnsafeStart();
    }

    public void Join() => thread.Join();

    /// <summary><see cref="Thread.Priority"/> changes nothing on Linux, where every thread has a niceness of its own.</summary>
    private static void GiveWay(int niceness)
    {
        if (niceness == 0 || !OperatingSystem.IsLinux())
        {
            return;
        }

        try
        {
            _ = SetPriority(OfProcess, ThisThread, niceness);
        }
        catch (Exception missing) when (missing is DllNotFoundException or EntryPointNotFoundException)
        {
            // Threads are equals then, as where it is forbidden or the system is another; it would be the end of the process.
        }
    }

    [LibraryImport("libc", EntryPoint = "setpriority")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetPriority(int which, int who, int niceness);
}
