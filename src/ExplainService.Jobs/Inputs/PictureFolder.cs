using System.IO.Compression;
using System.Security.Cryptography;
using ExplainService.Methods.Contracts;

namespace ExplainService.Jobs.Inputs;

/// <summary>A folder of pictures as the zip of them that could have been sent: from there on there is one kind of input.</summary>
internal static class PictureFolder
{
    /// <summary>The earliest that a zip can say, so that the same pictures are the same bytes.</summary>
    private static readonly DateTimeOffset NoTime = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>What a zip says of a file twice, beside its name.</summary>
    private const int BytesOfEntry = 76;

    /// <summary>Neither links, which may lead anywhere, nor what is hidden.</summary>
    private static readonly EnumerationOptions Plain = new()
    {
        RecurseSubdirectories = true,
        AttributesToSkip = FileAttributes.ReparsePoint | FileAttributes.Hidden | FileAttributes.System,
        IgnoreInaccessible = true,
    };

    /// <summary>Packs one, as a file that nobody sees and that goes with the process.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="transit">Where there is room for the file.</param>
    /// <param name="limit">The most bytes.</param>
    /// <param name="cancellationToken">The caller left.</param>
    /// <exception cref="InvalidRequestException">422: there is no picture in it.</exception>
    /// <exception cref="Protocol.Problems.RefusedRequestException">413.</exception>
    public static async Task<InputFile> PackAsync(string folder, string transit, long limit, CancellationToken cancellationToken)
    {
        var files = Listed(folder, limit, cancellationToken);
        if (!files.Exists(file => ZipRows.IsPicture(file.Name)))
        {
            throw InvalidRequestException.CannotDo("input.path", "There is no PNG, JPEG or WebP in that folder.");
        }

        var packed = TransitFile.Create(transit);
        try
        {
            var zip = new ZipArchive(packed, ZipArchiveMode.Create, leaveOpen: true);
            await using (zip.ConfigureAwait(false))
            {
                foreach (var (name, file) in files)
                {
                    var entry = zip.CreateEntry(name, CompressionLevel.NoCompression);
                    entry.LastWriteTime = NoTime;

                    // A file that is no picture, or cannot be read, is a row that says so.
                    if (ZipRows.IsPicture(name) && Opened(file) is { } picture)
                    {
                        await using var read = picture.ConfigureAwait(false);
                        InputLimits.Check(packed.Length + picture.Length, limit);
                        await AddAsync(entry, picture, cancellationToken).ConfigureAwait(false);
                    }
                }
            }

            packed.Position = 0;
            var hash = await SHA256.HashDataAsync(packed, cancellationToken).ConfigureAwait(false);
            var length = packed.Position;
            packed.Position = 0;
            return new InputFile(packed, Path.GetFileName(folder) + ".zip", length, Convert.ToHexStringLower(hash));
        }
        catch
        {
            await packed.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>The files in the order of their names; each takes room in the zip, whatever it is.</summary>
    private static List<(string Name, FileInfo File)> Listed(string folder, long limit, CancellationToken cancellationToken)
    {
        var (files, bytes) = (new List<(string Name, FileInfo File)>(), 0L);
        foreach (var file in new DirectoryInfo(folder).EnumerateFiles("*", Plain))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var name = Path.GetRelativePath(folder, file.FullName).Replace(Path.DirectorySeparatorChar, '/');
            bytes += BytesOfEntry + (4 * name.Length);
            InputLimits.Check(bytes, limit);
            files.Add((name, file));
        }

        files.Sort(static (one, other) => string.CompareOrdinal(one.Name, other.Name));
        return files;
    }

    /// <summary>A picture to read; null where it has gone, may not be read, or has no length, as a pipe, which never ends.</summary>
    private static FileStream? Opened(FileInfo file)
    {
        try
        {
            return file.Length > 0 ? file.OpenRead() : null;
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static async Task AddAsync(ZipArchiveEntry entry, FileStream picture, CancellationToken cancellationToken)
    {
        var place = await entry.OpenAsync(cancellationToken).ConfigureAwait(false);
        await using var written = place.ConfigureAwait(false);
        await picture.CopyToAsync(place, cancellationToken).ConfigureAwait(false);
    }
}
