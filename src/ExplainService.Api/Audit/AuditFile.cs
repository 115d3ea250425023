using ExplainService.Api.Telemetry;
using Microsoft.Extensions.Options;

namespace ExplainService.Api.Audit;

/// <summary>The file of the audit log: opened once, by one process, and only ever appended to.</summary>
internal sealed class AuditFile(AuditLogOptions options, TimeProvider time, ILogger<AuditFile> log) : IHostedService, IDisposable
{
    private readonly Lock gate = new();
    private FileStream? file;
    private FileStream? held;
    private long number;
    private string previous = AuditChain.Beginning;

    /// <summary>Opens it before anything is served, and goes on where it ends.</summary>
    /// <exception cref="OptionsValidationException">It cannot be opened, another process writes to it, or it is not what was written.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (options.File is not { Length: > 0 } path)
        {
            return;
        }

        try
        {
            // Held beside the log, which may be read meanwhile: on Unix only a file that is shared with nobody keeps a second writer out.
            held = new FileStream(path + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            // Without a buffer: what could not be written must not follow later.
            file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0);
            await ResumeAsync(file, path, cancellationToken).ConfigureAwait(false);
            log.AuditLogKept();
        }
        catch (Exception closed) when (closed is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw Wrong(path, closed.Message);
        }
    }

    /// <summary>Whether one is kept.</summary>
    public bool IsKept => file is not null;

    /// <summary>Appends a line, which the system has once this returns.</summary>
    /// <exception cref="IOException">It could not be written.</exception>
    public void Append(AuditEntry entry)
    {
        if (file is null)
        {
            return;
        }

        lock (gate)
        {
            var line = AuditChain.Line(entry with { Time = time.GetUtcNow() }, number + 1, previous, out var hash);
            var end = file.Position;
            try
            {
                file.Write(line);
                file.Flush();
            }
            catch (IOException)
            {
                // A part of a line is none: whatever of it was written goes.
                file.SetLength(end);
                throw;
            }

            (number, previous) = (number + 1, hash);
        }
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public void Dispose()
    {
        file?.Dispose();
        held?.Dispose();
    }

    /// <summary>A process that died in the midst of a line has left a part of it, whose answer nobody got: that alone goes.</summary>
    private async Task ResumeAsync(FileStream opened, string path, CancellationToken cancellationToken)
    {
        var verdict = await AuditChain.VerifyAsync(opened, cancellationToken).ConfigureAwait(false);
        if (verdict.Fault is { } fault && !fault.EndsWith(AuditChain.NoEnd, StringComparison.Ordinal))
        {
            throw Wrong(path, $"{fault}; move it away to begin a new one");
        }

        if (verdict.Fault is not null)
        {
            opened.SetLength(verdict.Length);
        }

        opened.Seek(0, SeekOrigin.End);
        (number, previous) = (verdict.Entries, verdict.Last);
    }

    private static OptionsValidationException Wrong(string path, string reason) =>
        new(
            AuditLogOptions.Section,
            typeof(AuditLogOptions),
            [$"{AuditLogOptions.Section}:{nameof(AuditLogOptions.File)} is '{path}': {reason}"]
        );
}
