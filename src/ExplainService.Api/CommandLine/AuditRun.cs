using System.Security.Cryptography;
using ExplainService.Api.Telemetry;
using ExplainService.Jobs;
using ExplainService.Jobs.Contracts;
using ExplainService.Jobs.Service;
using ExplainService.Protocol.Json;
using ExplainService.Protocol.Problems;
using Spectre.Console;

namespace ExplainService.Api.CommandLine;

/// <summary>
/// An audit in this process: the same job, the same database, no port. The database lies in the folder of the output until the audit is
/// done, so that one that was broken off goes on.
/// </summary>
internal static class AuditRun
{
    private const int Failed = 1;
    private const int GateNotMet = 2;
    private const string Work = ".work";

    /// <summary>Runs it to its end.</summary>
    /// <returns>The exit code.</returns>
    /// <param name="audit">What is asked.</param>
    /// <param name="build">The service with some settings, not started.</param>
    /// <param name="stop">Ctrl+C.</param>
    public static async Task<int> RunAsync(
        AuditOptions audit,
        Func<IReadOnlyDictionary<string, string?>, WebApplication> build,
        CancellationToken stop
    )
    {
        try
        {
            var gates = audit.Gate is { } file ? Gates.Read(await File.ReadAllLinesAsync(file.FullName, stop).ConfigureAwait(false)) : [];
            return await RunAsync(audit, audit.Job(), gates, build, stop).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            AnsiConsole.WriteLine("Stopped; the same command goes on.");
            return Failed;
        }
        catch (Exception refusal) when (ProblemMapper.IsExpected(refusal) || refusal is IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync(refusal.Message).ConfigureAwait(false);
            return Failed;
        }
    }

    private static async Task<int> RunAsync(
        AuditOptions audit,
        byte[] request,
        IReadOnlyList<Gate> gates,
        Func<IReadOnlyDictionary<string, string?>, WebApplication> build,
        CancellationToken stop
    )
    {
        var work = Path.Combine(audit.Output.FullName, Work);
        Directory.CreateDirectory(work);
        var app = build(
            new Dictionary<string, string?>
            {
                [$"{JobOptions.Section}:{nameof(JobOptions.Directory)}"] = work,
                [$"{JobOptions.Section}:{nameof(JobOptions.Storage)}"] = "jobs.db",
                ["Serilog:MinimumLevel:Default"] = "Error",
            }
        );
        await using var built = app.ConfigureAwait(false);
        var jobs = app.Services.GetRequiredService<JobService>();
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var working = jobs.WorkAsync(ended.Token);
        var job = await PostAsync(jobs, audit.File, request, stop).ConfigureAwait(false);
        if (job.State is JobState.Failed or JobState.Paused)
        {
            // What stood in the way of the run before may be gone.
            job = await jobs.ResumeAsync(job.Id, stop).ConfigureAwait(false);
        }

        job = await WatchAsync(jobs, job, stop).ConfigureAwait(false);
        await ended.CancelAsync().ConfigureAwait(false);
        await working.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (job.State != JobState.Succeeded)
        {
            await Console.Error.WriteLineAsync(job.Error ?? $"The audit is {job.State}.").ConfigureAwait(false);
            return Failed;
        }

        var summary = await WriteAsync(jobs, job.Id, audit.Output.FullName, stop).ConfigureAwait(false);
        await jobs.DeleteAsync(job.Id, stop).ConfigureAwait(false);
        jobs.Dispose();
        Directory.Delete(work, recursive: true);
        return Judge(gates, summary, job);
    }

    /// <summary>The same file and request in the same folder are the same audit.</summary>
    private static async Task<JobAnswer> PostAsync(JobService jobs, FileInfo file, byte[] json, CancellationToken stop)
    {
        var request = (JobRequest)StrictJson.Read(JobsJson.Of<JobRequest>(), json);
        var input = file.OpenRead();
        await using var open = input.ConfigureAwait(false);
        var upload = await jobs.ReceiveAsync(input, file.Name, stop).ConfigureAwait(false);
        await using var received = upload.ConfigureAwait(false);
        input.Position = 0;
        var key = Convert.ToHexStringLower(SHA256.HashData([.. json, .. await SHA256.HashDataAsync(input, stop).ConfigureAwait(false)]));
        return await jobs.CreateAsync(request, upload, key, stop).ConfigureAwait(false);
    }

    private static Task<JobAnswer> WatchAsync(JobService jobs, JobAnswer job, CancellationToken stop) =>
        AnsiConsole
            .Progress()
            .Columns(
                new TaskDescriptionColumn(),
                new ProgressBarColumn(),
                new PercentageColumn(),
                new RemainingTimeColumn(),
                new SpinnerColumn()
            )
            .StartAsync(async progress =>
            {
                var bar = progress.AddTask("rows", maxValue: Math.Max(job.Progress.Rows, 1));
                await foreach (var (_, now) in jobs.WatchAsync(job.Id, -1, stop).ConfigureAwait(false))
                {
                    job = now;
                    bar.Value = now.Progress.Done;
                }

                return job;
            });

    private static async Task<JobSummary> WriteAsync(JobService jobs, string job, string folder, CancellationToken stop)
    {
        var results = File.Create(Path.Combine(folder, "results.ndjson"));
        await using (results.ConfigureAwait(false))
        {
            await jobs.WriteResultsAsync(job, 0, OutputFormat.Ndjson, results, stop).ConfigureAwait(false);
        }

        var evidence = File.Create(Path.Combine(folder, "evidence.zip"));
        await using (evidence.ConfigureAwait(false))
        {
            await jobs.WriteEvidenceAsync(job, ServiceVersion.Number, evidence, stop).ConfigureAwait(false);
        }

        var report = await jobs.ReportAsync(job, stop).ConfigureAwait(false);
        await File.WriteAllTextAsync(Path.Combine(folder, "report.html"), report, stop).ConfigureAwait(false);
        var summary = await jobs.SummaryAsync(job, JobService.DefaultTop, 1, stop).ConfigureAwait(false);
        var json = System.Text.Json.JsonSerializer.Serialize(summary, JobsJson.Of<JobSummary>());
        await File.WriteAllTextAsync(Path.Combine(folder, "summary.json"), json + "\n", stop).ConfigureAwait(false);
        return summary;
    }

    private static int Judge(IReadOnlyList<Gate> gates, JobSummary summary, JobAnswer job)
    {
        AnsiConsole.WriteLine(
            FormattableString.Invariant($"{job.Progress.Done} rows: {summary.Answered} answered, {summary.Failed} failed")
        );
        var isMet = true;
        foreach (var gate in gates)
        {
            var value = gate.Of(summary);
            isMet &= gate.Holds(value);
            AnsiConsole.WriteLine(
                FormattableString.Invariant(
                    $"{(gate.Holds(value) ? "met" : "NOT MET")}: {gate.Text} (is {value?.ToString("0.######", System.Globalization.CultureInfo.InvariantCulture) ?? "not known"})"
                )
            );
        }

        return isMet ? 0 : GateNotMet;
    }
}
