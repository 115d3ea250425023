using Microsoft.Win32.SafeHandles;

namespace ExplainService.Api.Hosting;

/// <summary>
/// Whether the process may open as many files as it takes to serve: libraries, sockets and the runtime's own pipes are files too, and where
/// it finds none the runtime ends the process with a stack that says nothing to its operator. So this is asked before anything else, and
/// told without the console, a culture or a logger, each of which would need files.
/// </summary>
internal static class OpenFiles
{
    /// <summary>Files beside those that are open at the start: ASP.NET's and the model's libraries, listening, polling, a few connections.</summary>
    private const int Needed = 200;

    private const string Any = "/dev/null";

    private static ReadOnlySpan<byte> Refusal =>
        "{\"@l\":\"Fatal\",\"@m\":\"The service cannot start: the process may open too few files; raise its limit (ulimit -n) to 256 at least.\"}\n"u8;

    /// <summary>Tries, and says so where it may not.</summary>
    public static bool Suffice()
    {
        if (!File.Exists(Any) || CountTo(Needed) == Needed)
        {
            return true;
        }

        using var output = new FileStream(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 0);
        output.Write(Refusal);
        return false;
    }

    private static int CountTo(int most)
    {
        var opened = new SafeFileHandle[most];
        var count = 0;
        try
        {
            for (; count < most; count++)
            {
                opened[count] = File.OpenHandle(Any, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            }
        }
        catch (IOException)
        {
            // That is how many there are.
        }

        for (var i = 0; i < count; i++)
        {
            opened[i].Dispose();
        }

        return count;
    }
}
