namespace ExplainService.Runtime.Models;

/// <summary>Changes when a file of a model's folder does, so that what was found out about the folder is known to be of the past.</summary>
internal static class FolderStamp
{
    /// <summary>Folders inside folders that are looked into.</summary>
    private const int Deepest = 4;

    private static readonly EnumerationOptions Everything = new() { IgnoreInaccessible = true, AttributesToSkip = 0 };

    /// <summary>Names, sizes and times of the folder's files. What may not be read counts by its name; nothing makes this fail.</summary>
    public static long Of(string path)
    {
        var stamp = new HashCode();
        Add(ref stamp, new DirectoryInfo(path), Deepest);
        return stamp.ToHashCode();
    }

    /// <summary>
    /// Links to files are followed, as a Hugging Face cache consists of them; of a folder behind a link only its own files are looked at,
    /// as links may lead in circles or to the whole machine.
    /// </summary>
    private static void Add(ref HashCode stamp, DirectoryInfo folder, int depth)
    {
        foreach (var entry in Entries(folder))
        {
            stamp.Add(entry.FullName);
            if (entry is not DirectoryInfo inner)
                Add(ref stamp, entry);
            else if (depth > 0)
                Add(ref stamp, inner, inner.LinkTarget is null ? depth - 1 : 0);
        }
    }

    private static void Add(ref HashCode stamp, FileSystemInfo file)
    {
        try
        {
            if ((file.LinkTarget is null ? file : file.ResolveLinkTarget(returnFinalTarget: true)) is not FileInfo target)
                return;
            stamp.Add(target.Length);
            stamp.Add(target.LastWriteTimeUtc);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // A link in a circle, or a file that was taken away meanwhile: the next look will differ.
        }
    }

    private static List<FileSystemInfo> Entries(DirectoryInfo folder)
    {
        try
        {
            return [.. folder.EnumerateFileSystemInfos("*", Everything).OrderBy(entry => entry.Name, StringComparer.Ordinal)];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
