using System.IO.Compression;
using System.Security.Cryptography;
using ExplainService.Methods.Contracts;

namespace ExplainService.Jobs.Inputs;

/// <summary>A folder of pictures as the zip of them that could have been sent: from there on there is one kind of input.</summary>
internal static class PictureFolder
{
    /// <summary>The earliest that a zip can say, so that the same pictures are the same bytes.</summary>
    private static readonly DateTimeOffset NoTime = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

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
        var files = new DirectoryInfo(folder)
            .EnumerateFiles("*", Plain)
            .Select(file => (Name: Path.GetRelativePath(folder, file.FullName).Replace(Path.DirectorySeparatorChar, '/'), File: file))
            .OrderBy(file => file.Name, StringComparer.Ordinal)
            .ToArray();
        if (!Array.Exists(files, file => ZipRows.IsPicture(file.Name)))
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

                    // A file that is no picture is a row that says so; and what has no length may be a pipe, which never ends.
                    if (ZipRows.IsPicture(name) && file.Length > 0)
                    {
                        InputLimits.Check(packed.Length + file.Length, limit);
                        await AddAsync(entry, file, cancellationToken).ConfigureAwait(false);
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

    private static async Task AddAsync(ZipArchiveEntry entry, FileInfo file, CancellationToken cancellationToken)
    {
        var picture = file.OpenRead();
        await using var read = picture.ConfigureAwait(false);
        var place = await entry.OpenAsync(cancellationToken).ConfigureAwait(false);
        await using var written = place.ConfigureAwait(false);
        await picture.CopyToAsync(place, cancellationToken).ConfigureAwait(false);
    }
}
