using System.Runtime.InteropServices;

namespace ExplainService.Runtime.Sessions;

/// <summary>The heap of the C library, where ONNX Runtime's memory lies. Other libraries than glibc neither tell nor trim.</summary>
internal static partial class NativeHeap
{
    private const string Glibc = "libc.so.6";

    /// <summary>Bytes that the process has allocated from it; null where it does not tell.</summary>
    public static long? InUse()
    {
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }

        try
        {
            var all = Statistics();
            return (long)all.InUse + (long)all.Mapped;
        }
        catch (Exception missing) when (missing is DllNotFoundException or EntryPointNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Gives pages that hold nothing any more back to the system.</summary>
    public static void Trim()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        try
        {
            _ = Trim(0);
        }
        catch (Exception missing) when (missing is DllNotFoundException or EntryPointNotFoundException)
        {
            // Such a library has its own ways.
        }
    }

    [LibraryImport(Glibc, EntryPoint = "malloc_trim")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Trim(nuint keep);

    [LibraryImport(Glibc, EntryPoint = "mallinfo2")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial MallInfo2 Statistics();

    /// <summary>As <c>mallinfo(3)</c> lays it out.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private readonly struct MallInfo2
    {
        private readonly nuint arena;
        private readonly nuint ordblks;
        private readonly nuint smblks;
        private readonly nuint hblks;
        private readonly nuint hblkhd;
        private readonly nuint usmblks;
        private readonly nuint fsmblks;
        private readonly nuint uordblks;
        private readonly nuint fordblks;
        private readonly nuint keepcost;

        /// <summary>Bytes of blocks in use.</summary>
        public nuint InUse => uordblks;

        /// <summary>Bytes of blocks so large that each is a mapping of its own.</summary>
        public nuint Mapped => hblkhd;
    }
}
