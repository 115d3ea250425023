using System.Runtime.InteropServices;

namespace ExplainService.Graph.Onnx;

/// <summary>
/// Tells plain files from what only has a file's name, without opening it: to open a pipe waits for whoever writes to it, and a device has
/// no end.
/// </summary>
public static unsafe partial class PlainFile
{
    private const int CurrentDirectory = -100;
    private const uint TypeAndSize = 0x201;
    private const int StatusBytes = 256;
    private const int ModeAt = 28;
    private const int SizeAt = 40;
    private const int TypeMask = 0xF000;

    /// <summary>Why a file must not be opened, to follow its name; null where it may, and where there is none.</summary>
    /// <param name="path">The file; links are followed.</param>
    /// <param name="most">The most bytes that it may have.</param>
    public static string? Problem(string path, long most = long.MaxValue)
    {
        if (Look(path) is not var (type, size))
        {
            return null;
        }

        var kind = type switch
        {
            0x1000 => "a pipe",
            0x2000 or 0x6000 => "a device",
            0xC000 => "a socket",
            0x4000 => "a folder",
            _ => null,
        };
        return kind is not null ? $"is {kind}, not a plain file"
            : size > most ? FormattableString.Invariant($"has {size} bytes, more than the {most} that are read of such a file")
            : null;
    }

    /// <summary>Refuses what must not be opened.</summary>
    /// <exception cref="GraphFormatException">It is no plain file.</exception>
    public static void Require(string path)
    {
        if (Problem(path) is { } problem)
        {
            throw new GraphFormatException($"'{Path.GetFileName(path)}' {problem}.");
        }
    }

    // .NET tells folders and links from files, but no pipe, socket or device from an empty file.
    private static (int Type, long Size)? Look(string path)
    {
        if (!OperatingSystem.IsLinux())
        {
            return File.Exists(path) ? (0, new FileInfo(path).Length) : null;
        }

        var status = stackalloc byte[StatusBytes];
        return StatX(CurrentDirectory, path, 0, TypeAndSize, status) == 0
            ? (*(ushort*)(status + ModeAt) & TypeMask, *(long*)(status + SizeAt))
            : null;
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int StatX(int directory, string path, int flags, uint mask, byte* status);
}
