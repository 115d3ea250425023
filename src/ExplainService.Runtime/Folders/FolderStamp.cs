using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ExplainService.Runtime.Folders;

/// <summary>Changes when files do, so that what was found out about them is known to be of the past.</summary>
/// <param name="Digest">Of their names, sizes and times.</param>
internal readonly record struct FolderStamp(UInt128 Digest)
{
    /// <summary>Folders inside folders that are looked into.</summary>
    private const int Deepest = 4;

    private static readonly EnumerationOptions Everything = new() { IgnoreInaccessible = true, AttributesToSkip = 0 };

    /// <summary>All that is in a folder. What may not be read counts by its name; nothing makes this fail.</summary>
    public static FolderStamp Of(string path)
    {
        var seen = new StringBuilder();
        Add(seen, new DirectoryInfo(path), Deepest);
        return Of(seen);
    }

    /// <summary>Some files, there or not.</summary>
    public static FolderStamp OfFiles(IEnumerable<string> paths)
    {
        var seen = new StringBuilder();
        foreach (var path in paths)
        {
            Add(seen, new FileInfo(path));
        }

        return Of(seen);
    }

    private static FolderStamp Of(StringBuilder seen)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(seen.ToString()), digest);
        return new FolderStamp(BinaryPrimitives.ReadUInt128LittleEndian(digest));
    }

    /// <summary>
    /// Links to files are followed, as a Hugging Face cache consists of them; of a folder behind a link only its own files are looked at,
    /// as links may lead in circles or to the whole machine.
    /// </summary>
    private static void Add(StringBuilder seen, DirectoryInfo folder, int depth)
    {
        foreach (var entry in Entries(folder))
        {
            Add(seen, entry);
            if (entry is DirectoryInfo inner && depth > 0)
            {
                Add(seen, inner, inner.LinkTarget is null ? depth - 1 : 0);
            }
        }
    }

    private static void Add(StringBuilder seen, FileSystemInfo file)
    {
        seen.Append(file.FullName);
        try
        {
            if ((file.LinkTarget is null ? file : file.ResolveLinkTarget(returnFinalTarget: true)) is FileInfo { Exists: true } target)
            {
                seen.Append(CultureInfo.InvariantCulture, $"\t{target.Length}\t{target.LastWriteTimeUtc.Ticks}");
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // A link in a circle, or a file that was taken away meanwhile: the next look will differ.
        }

        seen.Append('\n');
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
