using ExplainService.Jobs.Contracts;
using ExplainService.Jobs.Store;

namespace ExplainService.Jobs.Service;

/// <summary>Jobs as callers see them.</summary>
internal static class JobAnswers
{
    /// <summary>A job.</summary>
    /// <param name="job">As the database has it.</param>
    /// <param name="failure">Why it has failed, where the database could not be told.</param>
    public static JobAnswer Of(JobRecord job, string? failure)
    {
        var isFailed = failure is not null && job.State is JobState.Queued or JobState.Running;
        return new()
        {
            Id = job.Id,
            Name = job.Spec.Name,
            Kind = job.Spec.Kind,
            State = isFailed ? JobState.Failed : job.State!.Value,
            Progress = Progress(job),
            Error = isFailed ? failure : job.Error,
            Created = Time(job.Created),
            Started = job.Started is { } started ? Time(started) : null,
            Finished = job.Finished is { } finished ? Time(finished) : null,
            Input = job.Input!,
            ModelSha256 = job.ModelHashes?.Split(','),
            Columns = job.Spec.Columns,
            Request = job.Spec.Request,
            Against = job.Spec.Against,
            OnlyIf = job.Spec.OnlyIf,
            Output = job.Spec.Output,
            Report = job.Spec.Report,
        };
    }

    private static JobProgress Progress(JobRecord job)
    {
        var seconds = job.PaceFrom is { } from ? ((job.Finished ?? job.Now) - from) / 1000.0 : 0;
        var pace = seconds > 0 ? (job.Done - job.PaceDone) / seconds : 0;
        return new JobProgress
        {
            Rows = job.Rows,
            Done = job.Done,
            Skipped = job.Skipped,
            Failed = job.Failed,
            RowsPerSecond = pace > 0 ? Math.Round(pace, 3) : null,
            SecondsLeft =
                job.Done == job.Rows ? 0
                : pace > 0 && job.State is JobState.Queued or JobState.Running ? Math.Round((job.Rows - job.Done) / pace, 1)
                : null,
        };
    }

    private static DateTimeOffset Time(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
}
