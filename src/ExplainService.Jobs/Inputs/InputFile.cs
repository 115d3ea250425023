using System.Security.Cryptography;
using System.Text.Json;
using ExplainService.Jobs.Contracts;

namespace ExplainService.Jobs.Inputs;

/// <summary>An input as it came: its bytes, and what is to be said of them.</summary>
/// <param name="Content">From its beginning; can be read from anywhere.</param>
/// <param name="Name">The file's name, whose endings say how it is written; null of posted texts.</param>
/// <param name="Bytes">How many.</param>
/// <param name="Sha256">Of them, lower-case hex.</param>
internal sealed record InputFile(Stream Content, string? Name, long Bytes, string Sha256) : IAsyncDisposable
{
    private const int CopyBytes = 1 << 16;

    /// <summary>Takes in an upload, as a file that nobody sees and that goes with the process.</summary>
    /// <param name="upload">The bytes as they come.</param>
    /// <param name="name">The file's name.</param>
    /// <param name="folder">Where there is room for it.</param>
    /// <param name="limit">The most bytes.</param>
    /// <param name="cancellationToken">The caller left.</param>
    /// <exception cref="Protocol.Problems.RefusedRequestException">413.</exception>
    public static async Task<InputFile> ReceiveAsync(
        Stream upload,
        string? name,
        string folder,
        long limit,
        CancellationToken cancellationToken
    )
    {
        var file = TransitFile.Create(folder);
        try
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            var buffer = new byte[CopyBytes];
            for (int read; (read = await upload.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0; )
            {
                InputLimits.Check(file.Length + read, limit);
                hash.AppendData(buffer, 0, read);
                await file.WriteAsync(buffer.AsMemory(0, read), cancellationToken).ConfigureAwait(false);
            }

            var length = file.Position;
            file.Position = 0;
            return new InputFile(file, name, length, Convert.ToHexStringLower(hash.GetHashAndReset()));
        }
        catch
        {
            await file.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>A file that is there.</summary>
    public static async Task<InputFile> OpenAsync(string path, long limit, CancellationToken cancellationToken)
    {
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, CopyBytes, FileOptions.Asynchronous);
        try
        {
            InputLimits.Check(file.Length, limit);
            var hash = await SHA256.HashDataAsync(file, cancellationToken).ConfigureAwait(false);
            var length = file.Position;
            file.Position = 0;
            return new InputFile(file, Path.GetFileName(path), length, Convert.ToHexStringLower(hash));
        }
        catch
        {
            await file.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Texts, as a file with one of them a line.</summary>
    public static InputFile Of(IReadOnlyList<string> texts)
    {
        var lines = new MemoryStream();
        using (var json = new Utf8JsonWriter(lines, new JsonWriterOptions { Encoder = JobsJson.Options.Encoder }))
        {
            foreach (var text in texts)
            {
                json.WriteStartObject();
                json.WriteString("text"u8, text);
                json.WriteEndObject();
                json.Flush();
                json.Reset();
                lines.Write("\n"u8);
            }
        }

        var hash = SHA256.HashData(lines.GetBuffer().AsSpan(0, (int)lines.Length));
        lines.Position = 0;
        return new InputFile(lines, null, lines.Length, Convert.ToHexStringLower(hash));
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Content.DisposeAsync();
}
