using System.IO.Compression;
using ExplainService.Jobs.Contracts;
using ExplainService.Methods.Contracts;
using ZstdSharp;

namespace ExplainService.Jobs.Inputs;

/// <summary>How an input is packed and written.</summary>
internal static class InputFormats
{
    private const int HeadBytes = 4;

    private static readonly string[] Packed = [".gz", ".gzip", ".zst", ".zstd"];

    private static readonly Dictionary<string, RowFormat> Endings = new(StringComparer.OrdinalIgnoreCase)
    {
        [".ndjson"] = RowFormat.Ndjson,
        [".jsonl"] = RowFormat.Ndjson,
        [".jsonlines"] = RowFormat.Ndjson,
        [".json"] = RowFormat.Ndjson,
        [".csv"] = RowFormat.Csv,
        [".tsv"] = RowFormat.Tsv,
        [".tab"] = RowFormat.Tsv,
        [".parquet"] = RowFormat.Parquet,
        [".zip"] = RowFormat.Zip,
    };

    /// <summary>The format by what the caller says, else by the file's name.</summary>
    /// <exception cref="InvalidRequestException">422: neither says it.</exception>
    public static RowFormat Of(InputFile file, RowFormat? given)
    {
        if (given is { } known)
        {
            return known;
        }

        if (file.Name is not { } name)
        {
            return RowFormat.Ndjson;
        }

        if (Packed.Contains(Path.GetExtension(name), StringComparer.OrdinalIgnoreCase))
        {
            name = Path.GetFileNameWithoutExtension(name);
        }

        return Endings.TryGetValue(Path.GetExtension(name), out var format)
            ? format
            : throw InvalidRequestException.CannotDo(
                "input.format",
                "The file's name does not say how it is written; input.format does: " + EnumNames.Choices<RowFormat>() + "."
            );
    }

    /// <summary>The rows of a file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="format">How it is written.</param>
    /// <param name="columns">Which columns hold what.</param>
    /// <param name="limit">The most bytes, unpacked.</param>
    /// <param name="cancellationToken">Cancels reading.</param>
    public static IAsyncEnumerable<InputRow> ReadAsync(
        InputFile file,
        RowFormat format,
        JobColumns columns,
        long limit,
        CancellationToken cancellationToken
    )
    {
        if (format == RowFormat.Parquet)
        {
            // Packed inside, and read from its end.
            return ParquetRows.ReadAsync(file.Content, columns, limit, cancellationToken);
        }

        if (format == RowFormat.Zip)
        {
            return ZipRows.ReadAsync(file.Content, columns, limit, cancellationToken);
        }

        var content = new LimitedStream(Unpacked(file.Content), limit);
        return format switch
        {
            RowFormat.Csv => DelimitedRows.ReadAsync(content, ",", columns, cancellationToken),
            RowFormat.Tsv => DelimitedRows.ReadAsync(content, "\t", columns, cancellationToken),
            _ => LineRows.ReadAsync(content, columns, cancellationToken),
        };
    }

    /// <summary>What a file begins with says how it is packed, whatever it is called.</summary>
    private static Stream Unpacked(Stream content)
    {
        Span<byte> head = stackalloc byte[HeadBytes];
        var read = content.ReadAtLeast(head, HeadBytes, throwOnEndOfStream: false);
        content.Position = 0;
        return head[..read] switch
        {
            [0x1F, 0x8B, ..] => new GZipStream(content, CompressionMode.Decompress),
            [0x28, 0xB5, 0x2F, 0xFD] => new DecompressionStream(content),
            _ => content,
        };
    }
}
