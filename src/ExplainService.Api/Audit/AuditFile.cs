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

    /// <summary>The number of the file's first entry, and the day that it is of.</summary>
    private (long Number, DateTime Day) first = (1, DateTime.MinValue);

    /// <summary>The day on which the file could last not be put aside, and its length then; nothing where it could.</summary>
    private (DateTime Day, long Length) stuck;

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
            file = Open(path, FileMode.OpenOrCreate);
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
    /// <exception cref="UnauthorizedAccessException">The same.</exception>
    public void Append(AuditEntry entry)
    {
        if (file is null)
        {
            return;
        }

        lock (gate)
        {
            var now = time.GetUtcNow();
            var line = AuditChain.Line(entry with { Time = now }, number + 1, previous, out var hash);
            PutAside(now.UtcDateTime.Date, line.Length);
            var end = file.Position;
            try
            {
                file.Write(line);
                file.Flush();
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
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
        // Before a broken line goes: that is written at the time of this start.
        var written = File.GetLastWriteTimeUtc(path).Date;
        // Without a part aside there were none, or they are kept elsewhere: the first line says what they ended with, and an empty file begins anew.
        AuditVerdict? before = null;
        if (AuditParts.Aside(path) is [.., var last])
        {
            // The parts before are for the command to verify; this one goes on with the last of them.
            var part = new FileStream(last, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            await using var reading = part.ConfigureAwait(false);
            before = await AuditChain.VerifyAsync(part, null, null, cancellationToken).ConfigureAwait(false);
            if (before.Fault is { } broken)
            {
                throw Wrong(path, $"{Path.GetFileName(last)}: {broken}");
            }
        }

        var lines = 0L;
        var verdict = await AuditChain.VerifyAsync(opened, before, _ => lines++, cancellationToken).ConfigureAwait(false);
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
        // Of an earlier day, as far as the file itself can tell: a day that began while nobody wrote is found by its last line's time.
        first = (number - lines + 1, verdict.Length == 0 ? DateTime.MinValue : written);
    }

    /// <summary>Begins a new file where this one has had its day or its size; the chain goes on in it.</summary>
    private void PutAside(DateTime day, int coming)
    {
        var path = options.File!;
        if (file!.Position == 0)
        {
            first = (number + 1, day);
            return;
        }

        var isDue = IsFull(0) || (options.Daily && day > first.Day);
        // What could not be put aside is tried again another day, or after as much again, and not with every line.
        if (!isDue || (day <= stuck.Day && !IsFull(stuck.Length)))
        {
            return;
        }

        var part = AuditParts.Name(path, first.Number);
        try
        {
            File.Move(path, part, overwrite: false);
            var next = Open(path, FileMode.CreateNew);
            file.Dispose();
            (file, first, stuck) = (next, (number + 1, day), default);
        }
        catch (Exception kept) when (kept is IOException or UnauthorizedAccessException)
        {
            // It goes on where it is: better one file than an answer that is in none.
            stuck = (day, file.Position);
            log.AuditLogNotPutAside(kept.GetType().Name);
            MoveBack(part, path);
        }

        bool IsFull(long from) => options.MaxMegabytes > 0 && file!.Position - from + coming > (long)options.MaxMegabytes << 20;
    }

    /// <summary>Gives a file that was to be put aside its name again.</summary>
    private static void MoveBack(string part, string path)
    {
        try
        {
            if (!File.Exists(path) && File.Exists(part))
            {
                File.Move(part, path);
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // It goes on under the part's name, where the next start finds it: the chain is whole all the same.
        }
    }

    /// <summary>Without a buffer: what could not be written must not follow later.</summary>
    private static FileStream Open(string path, FileMode mode) =>
        new(path, mode, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);

    private static OptionsValidationException Wrong(string path, string reason) =>
        new(
            AuditLogOptions.Section,
            typeof(AuditLogOptions),
            [$"{AuditLogOptions.Section}:{nameof(AuditLogOptions.File)} is '{path}': {reason}"]
        );
}
