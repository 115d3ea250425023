namespace ExplainService.Api.Telemetry;

/// <summary>
/// Every event that the service logs. None has a property that could hold a caller's text: no bodies, no exception messages.
/// </summary>
internal static partial class Log
{
    /// <summary>The one line of a request.</summary>
    [LoggerMessage(
        EventId = 1,
        Message = "{Verb} {Route} {Status} in {ElapsedMs:0.0} ms: {Model} {Method}, {Rows} rows, {Batches} batches, {Tokens} tokens, {Lines} lines, {FailedLines} failed ({FailedNumbers}); {Problem} {Fields}"
    )]
    public static partial void Request(
        this ILogger log,
        LogLevel level,
        string verb,
        string route,
        int status,
        double elapsedMs,
        string? model,
        string? method,
        long rows,
        long batches,
        long tokens,
        long lines,
        long failedLines,
        string? failedNumbers,
        string? problem,
        string? fields
    );

    /// <summary>A fault of the service. The message of the exception stays out, since it may quote its input.</summary>
    public static void UnhandledException(this ILogger log, Exception exception)
    {
        for (var inner = exception; inner is not null; inner = inner.InnerException)
        {
            log.Fault(inner.GetType().FullName ?? "", inner.StackTrace ?? "");
        }
    }

    /// <summary>A model is ready to answer.</summary>
    [LoggerMessage(3, LogLevel.Information, "Model {Model} loaded in {ElapsedMs:0} ms")]
    public static partial void Loaded(this ILogger log, string model, double elapsedMs);

    /// <summary>This service broke down over a model; what broke down follows as a fault.</summary>
    [LoggerMessage(12, LogLevel.Error, "Model {Model} met a fault of this service")]
    public static partial void FaultOfModel(this ILogger log, string model);

    /// <summary>A model cannot be served; the message is about its folder.</summary>
    [LoggerMessage(4, LogLevel.Error, "Model {Model} cannot be served: {Reason}")]
    public static partial void NotLoaded(this ILogger log, string model, string reason);

    /// <summary>A model's memory was freed.</summary>
    [LoggerMessage(11, LogLevel.Information, "Model {Model} unloaded")]
    public static partial void Unloaded(this ILogger log, string model);

    /// <summary>The service stops.</summary>
    [LoggerMessage(5, LogLevel.Information, "Draining: {Running} requests are running")]
    public static partial void Draining(this ILogger log, int running);

    /// <summary>The service has stopped taking requests.</summary>
    [LoggerMessage(6, LogLevel.Information, "Drained in {ElapsedMs:0} ms: {Running} requests are left")]
    public static partial void Drained(this ILogger log, double elapsedMs, int running);

    /// <summary>Where models come from.</summary>
    [LoggerMessage(7, LogLevel.Information, "Models are read from {Directory}: {Models}; default {Model}")]
    public static partial void ModelsDirectory(this ILogger log, string directory, string models, string? model);

    /// <summary>No models come from where they should, or not the one that was made the default.</summary>
    [LoggerMessage(8, LogLevel.Error, "Models are read from {Directory}: {Reason}")]
    public static partial void NoModels(this ILogger log, string directory, string reason);

    /// <summary>Running requests have had their time.</summary>
    [LoggerMessage(10, LogLevel.Warning, "{Running} requests have not ended in time and are answered 503")]
    public static partial void DrainExpired(this ILogger log, int running);

    /// <summary>A setting that nothing reads.</summary>
    [LoggerMessage(9, LogLevel.Warning, "{Setting} is not a setting of this service and changes nothing; its section has {Known}")]
    public static partial void UnknownSetting(this ILogger log, string setting, string known);

    /// <summary>A job was posted.</summary>
    [LoggerMessage(13, LogLevel.Information, "Job {Job} posted: {Rows} rows")]
    public static partial void JobPosted(this ILogger log, string job, long rows);

    /// <summary>A job has ended.</summary>
    [LoggerMessage(14, LogLevel.Information, "Job {Job} {State}")]
    public static partial void JobEnded(this ILogger log, string job, string state);

    /// <summary>A chunk was not done and will be worked on again.</summary>
    [LoggerMessage(15, LogLevel.Information, "Job {Job}: the chunk at row {Row} was given back")]
    public static partial void ChunkGivenBack(this ILogger log, string job, long row);

    /// <summary>Jobs wait for their database.</summary>
    [LoggerMessage(16, LogLevel.Error, "Jobs wait: {Reason}")]
    public static partial void JobStoreLost(this ILogger log, string reason);

    /// <summary>Jobs go on.</summary>
    [LoggerMessage(17, LogLevel.Information, "The database of jobs answers again")]
    public static partial void JobStoreFound(this ILogger log);

    /// <summary>Whoever reaches the port may ask, and others than this machine reach it.</summary>
    [LoggerMessage(
        18,
        LogLevel.Warning,
        "Whoever reaches {Addresses} may ask: there is neither Auth:Keys nor Auth:Authority (Auth:Required=true refuses such a start)"
    )]
    public static partial void OpenToOthers(this ILogger log, string addresses);

    /// <summary>Every explanation is written down.</summary>
    [LoggerMessage(19, LogLevel.Information, "The audit log is kept (AuditLog:File), and nothing is answered without it")]
    public static partial void AuditLogKept(this ILogger log);

    /// <summary>A file of the audit log has had its day or its size, and goes on.</summary>
    [LoggerMessage(
        20,
        LogLevel.Warning,
        "The audit log cannot be put aside ({Reason}) and goes on in the same file; this is tried again the next day, or once it is full again"
    )]
    public static partial void AuditLogNotPutAside(this ILogger log, string reason);

    [LoggerMessage(2, LogLevel.Error, "{ExceptionType} {Trace}")]
    private static partial void Fault(this ILogger log, string exceptionType, string trace);
}
