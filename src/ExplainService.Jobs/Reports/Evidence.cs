using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;

namespace ExplainService.Jobs.Reports;

/// <summary>A zip with what an auditor keeps. The same job gives the same bytes: entries have one date, and nothing is of the time of writing.</summary>
internal sealed class Evidence(Stream target) : IDisposable
{
    /// <summary>The first date that a zip can hold.</summary>
    private static readonly DateTimeOffset Date = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly ZipArchive archive = new(target, ZipArchiveMode.Create, leaveOpen: true);
    private readonly StringBuilder sums = new();

    /// <summary>Adds a file.</summary>
    public Task AddAsync(string name, string content, CancellationToken cancellationToken) =>
        AddAsync(name, Once(Encoding.UTF8.GetBytes(content)), cancellationToken);

    /// <summary>Adds a file piece by piece.</summary>
    public async Task AddAsync(string name, IAsyncEnumerable<ReadOnlyMemory<byte>> content, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var entry = archive.CreateEntry(name, CompressionLevel.Optimal);
        entry.LastWriteTime = Date;
        var stream = await entry.OpenAsync(cancellationToken).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            await foreach (var piece in content.WithCancellation(cancellationToken).ConfigureAwait(false))
            {
                hash.AppendData(piece.Span);
                await stream.WriteAsync(piece, cancellationToken).ConfigureAwait(false);
            }
        }

        // As sha256sum writes and checks them.
        sums.Append(Convert.ToHexStringLower(hash.GetHashAndReset())).Append("  ").Append(name).Append('\n');
    }

    /// <summary>Adds the sums of all files before.</summary>
    public Task EndAsync(CancellationToken cancellationToken) => AddAsync("SHA256SUMS", sums.ToString(), cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => archive.Dispose();

    private static async IAsyncEnumerable<ReadOnlyMemory<byte>> Once(byte[] content)
    {
        await Task.CompletedTask.ConfigureAwait(false);
        yield return content;
    }
}
