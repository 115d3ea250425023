using ExplainService.Methods.Contracts;

namespace ExplainService.Jobs.Inputs;

/// <summary>The folder below which inputs may be named.</summary>
internal static class InputFolder
{
    private const string Field = "input.path";

    /// <summary>The file, or the folder, of a path that a caller gave.</summary>
    /// <param name="folder"><c>Jobs:InputDirectory</c>.</param>
    /// <param name="path">Relative to it.</param>
    /// <exception cref="InvalidRequestException">422: there is neither in it, or a link leads out of it.</exception>
    public static string Find(string folder, string path)
    {
        if (folder.Length == 0)
        {
            throw InvalidRequestException.CannotDo(
                Field,
                "This service reads no files: Jobs:InputDirectory is not set. Send the file as a part \"file\", or its texts as input.texts."
            );
        }

        var root = Real(Path.GetFullPath(folder));
        try
        {
            var file = Real(Path.GetFullPath(Path.Combine(root, path)));
            if (file.StartsWith(root.TrimEnd(Path.DirectorySeparatorChar) + Path.DirectorySeparatorChar, StringComparison.Ordinal))
            {
                // What has no length is a pipe or a device as well: opening one might never end.
                return Directory.Exists(file) || new FileInfo(file) is { Exists: true, Length: > 0 } ? file : throw Missing();
            }
        }
        catch (Exception broken) when (broken is IOException or ArgumentException or UnauthorizedAccessException)
        {
            throw Missing();
        }

        throw Missing();
    }

    /// <summary>Nobody learns what is outside.</summary>
    private static InvalidRequestException Missing() =>
        InvalidRequestException.CannotDo(Field, "There is no file with content at that path inside Jobs:InputDirectory.");

    /// <summary>A path without links in any of its parts.</summary>
    private static string Real(string path)
    {
        var real = Path.GetPathRoot(path)!;
        foreach (var part in path[real.Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries))
        {
            var next = Path.Combine(real, part);
            var entry = Directory.Exists(next) ? (FileSystemInfo)new DirectoryInfo(next) : new FileInfo(next);
            real = entry.LinkTarget is null ? next : Real(entry.ResolveLinkTarget(returnFinalTarget: true)!.FullName);
        }

        return real;
    }
}
