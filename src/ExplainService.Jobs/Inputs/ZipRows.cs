using System.IO.Compression;
using System.Runtime.CompilerServices;
using ExplainService.Jobs.Contracts;
using ExplainService.Methods.Contracts;
using ExplainService.Protocol.Problems;

namespace ExplainService.Jobs.Inputs;

/// <summary>Rows of a zip of pictures: a row a picture, by name.</summary>
internal static class ZipRows
{
    /// <summary>What <c>columns.label</c> says where the folder that a picture is in names its label.</summary>
    public const string Folder = "folder";

    private static readonly string[] Endings = [".png", ".jpg", ".jpeg", ".webp"];

    /// <summary>The rows, in the order of their names.</summary>
    /// <exception cref="InvalidRequestException">422: columns that pictures have not.</exception>
    /// <exception cref="RefusedRequestException">413, 422.</exception>
    public static async IAsyncEnumerable<InputRow> ReadAsync(
        Stream content,
        JobColumns columns,
        long limit,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        Check(columns);
        using var zip = Open(content);
        var (number, bytes) = (0L, 0L);
        foreach (var entry in zip.Entries.Where(IsFile).OrderBy(entry => entry.FullName, StringComparer.Ordinal))
        {
            number++;
            var id = RowIds.Of(entry.FullName);
            if (!IsPicture(entry.Name))
            {
                yield return InputRow.Wrong(number, "The file's name is not that of a PNG, JPEG or WebP.", id);
                continue;
            }

            var picture = await ReadAsync(entry, cancellationToken).ConfigureAwait(false);
            bytes += picture.Length;
            InputLimits.Check(bytes, limit);
            yield return picture.Length > InputLimits.RowBytes
                ? InputRow.Wrong(number, FormattableString.Invariant($"The picture has over {InputLimits.RowBytes} bytes."), id)
                : new InputRow
                {
                    Row = number,
                    Id = id,
                    Image = Convert.ToBase64String(picture),
                    Label = columns.Label is null ? null : FolderOf(entry),
                };
        }
    }

    /// <summary>Whether a file is called as pictures are.</summary>
    public static bool IsPicture(string name) => Endings.Contains(Path.GetExtension(name), StringComparer.OrdinalIgnoreCase);

    private static void Check(JobColumns columns)
    {
        (string Field, string? Value)[] others =
        [
            ("columns.text", columns.Text),
            ("columns.pair", columns.Pair),
            ("columns.slice", columns.Slice),
            ("columns.redact", columns.Redact),
        ];
        if (Array.Find(others, other => other.Value is not null) is { Field: { } field })
        {
            throw InvalidRequestException.CannotDo(field, "A zip of pictures has no columns; their names are the rows' ids.");
        }

        if (columns.Label is not (null or Folder))
        {
            throw InvalidRequestException.CannotDo(
                "columns.label",
                $"Of a zip of pictures it is \"{Folder}\": the folder that a picture is in."
            );
        }
    }

    private static ZipArchive Open(Stream content)
    {
        try
        {
            var zip = new ZipArchive(content, ZipArchiveMode.Read, leaveOpen: true);
            // Read when it is first asked for.
            _ = zip.Entries;
            return zip;
        }
        catch (Exception broken) when (IsBroken(broken))
        {
            throw Broken();
        }
    }

    /// <summary>A picture; a byte more than the most where it has more: what unpacks to a thousand times its size is not unpacked.</summary>
    private static async Task<byte[]> ReadAsync(ZipArchiveEntry entry, CancellationToken cancellationToken)
    {
        try
        {
            var packed = await entry.OpenAsync(cancellationToken).ConfigureAwait(false);
            await using var closed = packed.ConfigureAwait(false);
            var picture = new byte[Math.Clamp(entry.Length, 0, InputLimits.RowBytes) + 1];
            var read = await packed
                .ReadAtLeastAsync(picture, picture.Length, throwOnEndOfStream: false, cancellationToken)
                .ConfigureAwait(false);
            // What has more than its directory says is not what was packed.
            return read < picture.Length || read > InputLimits.RowBytes ? picture[..read] : throw Broken();
        }
        catch (Exception broken) when (IsBroken(broken))
        {
            throw Broken();
        }
    }

    private static bool IsBroken(Exception exception) => exception is InvalidDataException or EndOfStreamException;

    /// <summary>Neither a folder nor what systems put beside files.</summary>
    private static bool IsFile(ZipArchiveEntry entry) =>
        entry.Name.Length > 0 && entry.Name[0] != '.' && !entry.FullName.StartsWith("__MACOSX/", StringComparison.Ordinal);

    private static string? FolderOf(ZipArchiveEntry entry) =>
        Path.GetFileName(Path.GetDirectoryName(entry.FullName)) is { Length: > 0 } folder ? folder : null;

    private static RefusedRequestException Broken() => new(422, "The zip is broken.");
}
