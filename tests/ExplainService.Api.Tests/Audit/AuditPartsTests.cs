using ExplainService.Api.Audit;
using ExplainService.Api.Tests.Fakes;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Serilog;
using Serilog.Extensions.Logging;

namespace ExplainService.Api.Tests.Audit;

/// <summary>An audit log in several files, whose chain goes on from one to the next.</summary>
public sealed class AuditPartsTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("explain-audit-parts-");
    private readonly FakeTimeProvider time = new(new DateTimeOffset(2026, 11, 29, 12, 0, 0, TimeSpan.Zero));

    private string Log => Path.Combine(folder.FullName, "audit.ndjson");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task Each_day_has_a_file_and_the_command_verifies_all_of_them_as_one()
    {
        await WriteDaysAsync(3, 2);

        Assert.Equal(["audit.000000000001.ndjson", "audit.000000000003.ndjson", "audit.ndjson"], Files());
        var (exitCode, lines, _) = await ServiceRun.CommandAsync("audit-log", "verify", Log);
        Assert.Equal(0, exitCode);
        Assert.StartsWith("6 entries", lines[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_full_is_put_aside()
    {
        using (var file = await OpenAsync(new AuditLogOptions { File = Log, MaxMegabytes = 1 }))
        {
            for (var i = 0; i < 2000; i++)
            {
                file.Append(Entry(new string('m', 600)));
            }
        }

        Assert.Equal(2, Files().Length);
        Assert.InRange(new FileInfo(Path.Combine(folder.FullName, Files()[0])).Length, 1_000_000, 1 << 20);
        var verdict = await VerifyAsync(AuditParts.Of(Log));
        Assert.Equal((2000, null), (verdict.Entries, verdict.Fault));
    }

    [Fact]
    public async Task A_start_goes_on_with_the_chain_of_the_part_before()
    {
        await WriteDaysAsync(2, 1);
        time.Advance(TimeSpan.FromDays(1));
        // The process ended between putting the file aside and beginning the next.
        File.Move(Log, AuditParts.Name(Log, 2));
        using (var file = await OpenAsync(Options))
        {
            file.Append(Entry());
        }

        var verdict = await VerifyAsync(AuditParts.Of(Log));
        Assert.Equal((3, null), (verdict.Entries, verdict.Fault));
    }

    [Fact]
    public async Task A_part_that_was_changed_is_named_and_one_that_is_missing_is_found()
    {
        await WriteDaysAsync(3, 1);
        var (middle, first) = (AuditParts.Name(Log, 2), AuditParts.Name(Log, 1));
        var bytes = await File.ReadAllBytesAsync(middle, TestContext.Current.CancellationToken);
        bytes[30] ^= 1;
        await File.WriteAllBytesAsync(middle, bytes, TestContext.Current.CancellationToken);
        var (changed, _, reason) = await ServiceRun.CommandAsync("audit-log", "verify", Log);
        Assert.Equal((1, "audit.000000000002.ndjson: line 1: it was changed"), (changed, reason.Trim()));

        File.Delete(middle);
        var (missing, _, fault) = await ServiceRun.CommandAsync("audit-log", "verify", Log);
        Assert.Equal(1, missing);
        Assert.StartsWith("audit.ndjson: line 1: it is entry 3 and does not follow", fault, StringComparison.Ordinal);
        File.Delete(first);
    }

    /// <summary>Parts are kept elsewhere after a while: what is left is verified from the hash that those ended with.</summary>
    [Fact]
    public async Task What_is_left_of_a_log_is_verified_after_the_last_hash_of_what_is_elsewhere()
    {
        await WriteDaysAsync(3, 2);
        var first = AuditParts.Name(Log, 1);
        var kept = (await VerifyAsync([first])).Last;
        File.Delete(first);

        Assert.Equal(1, (await ServiceRun.CommandAsync("audit-log", "verify", Log)).ExitCode);
        Assert.Equal(1, (await ServiceRun.CommandAsync("audit-log", "verify", Log, "--after", new string('a', 64))).ExitCode);
        Assert.Equal(0, (await ServiceRun.CommandAsync("audit-log", "verify", Log, "--after", kept)).ExitCode);
    }

    [Fact]
    public async Task A_start_goes_on_with_the_chain_where_all_parts_are_kept_elsewhere()
    {
        await WriteDaysAsync(3, 2);
        var second = AuditParts.Name(Log, 3);
        var kept = (await VerifyAsync([AuditParts.Name(Log, 1), second])).Last;
        File.Delete(AuditParts.Name(Log, 1));
        File.Delete(second);
        File.SetLastWriteTimeUtc(Log, time.GetUtcNow().UtcDateTime);

        using (var file = await OpenAsync(Options))
        {
            file.Append(Entry());
            time.Advance(TimeSpan.FromDays(1));
            file.Append(Entry());
        }

        Assert.Equal(["audit.000000000005.ndjson", "audit.ndjson"], Files());
        var verdict = await VerifyAsync(AuditParts.Of(Log), kept);
        Assert.Equal((8, null), (verdict.Entries, verdict.Fault));
    }

    [Fact]
    public async Task A_file_that_was_changed_is_not_gone_on_with_where_all_parts_are_kept_elsewhere()
    {
        await WriteDaysAsync(2, 3);
        File.Delete(AuditParts.Name(Log, 1));
        var lines = await File.ReadAllLinesAsync(Log, TestContext.Current.CancellationToken);
        await File.WriteAllLinesAsync(Log, [lines[0], lines[2]], TestContext.Current.CancellationToken);

        await Assert.ThrowsAsync<OptionsValidationException>(() => OpenAsync(Options));
    }

    /// <summary>A day on which a broken line was taken away is not the day of the lines before.</summary>
    [Fact]
    public async Task A_file_of_another_day_is_put_aside_also_where_its_last_line_was_broken_off()
    {
        await WriteDaysAsync(1, 1);
        await File.AppendAllTextAsync(Log, "{", TestContext.Current.CancellationToken);
        File.SetLastWriteTimeUtc(Log, time.GetUtcNow().UtcDateTime);
        time.Advance(TimeSpan.FromDays(1));

        using (var file = await OpenAsync(Options))
        {
            file.Append(Entry());
        }

        Assert.Equal(["audit.000000000001.ndjson", "audit.ndjson"], Files());
    }

    [Fact]
    public async Task What_cannot_be_put_aside_goes_on_with_one_warning_and_is_tried_again_the_next_day()
    {
        var logs = new CapturedLogs();
        await using var logger = new LoggerConfiguration().WriteTo.Sink(logs).CreateLogger();
        using var factory = new SerilogLoggerFactory(logger);
        var inTheWay = Directory.CreateDirectory(AuditParts.Name(Log, 1));
        using (var file = await OpenAsync(Options, factory.CreateLogger<AuditFile>()))
        {
            file.Append(Entry());
            time.Advance(TimeSpan.FromDays(1));
            file.Append(Entry());
            file.Append(Entry());
            Assert.Single(logs.Lines, line => line.Contains("cannot be put aside", StringComparison.Ordinal));
            inTheWay.Delete();
            file.Append(Entry());
            Assert.Equal(["audit.ndjson"], Files());
            time.Advance(TimeSpan.FromDays(1));
            file.Append(Entry());
        }

        Assert.Equal(["audit.000000000001.ndjson", "audit.ndjson"], Files());
        var verdict = await VerifyAsync(AuditParts.Of(Log));
        Assert.Equal((5, null), (verdict.Entries, verdict.Fault));
    }

    [Fact]
    public async Task A_part_whose_end_was_changed_is_not_gone_on_with()
    {
        await WriteDaysAsync(2, 1);
        await File.AppendAllTextAsync(AuditParts.Name(Log, 1), "x", TestContext.Current.CancellationToken);

        await Assert.ThrowsAsync<OptionsValidationException>(() => OpenAsync(Options));
    }

    private AuditLogOptions Options => new() { File = Log, Daily = true };

    private string[] Files() => [.. folder.EnumerateFiles("*.ndjson").Select(file => file.Name).Order(StringComparer.Ordinal)];

    private async Task WriteDaysAsync(int days, int each)
    {
        using var file = await OpenAsync(Options);
        for (var day = 0; day < days; day++)
        {
            for (var i = 0; i < each; i++)
            {
                file.Append(Entry());
            }

            time.Advance(day == days - 1 ? TimeSpan.Zero : TimeSpan.FromDays(1));
        }
    }

    private async Task<AuditFile> OpenAsync(AuditLogOptions options, ILogger<AuditFile>? log = null)
    {
        var file = new AuditFile(options, time, log ?? NullLogger<AuditFile>.Instance);
        try
        {
            await file.StartAsync(TestContext.Current.CancellationToken);
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private static Task<AuditVerdict> VerifyAsync(IReadOnlyList<string> parts, string? after = null) =>
        AuditParts.VerifyAsync(parts, after, null, TestContext.Current.CancellationToken);

    private static AuditEntry Entry(string method = "/shap") => new() { Method = method, Outcome = "answered" };
}
