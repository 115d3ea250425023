using System.Diagnostics.Metrics;
using ExplainService.Runtime;

namespace ExplainService.Api.Telemetry;

/// <summary>
/// The instruments of the HTTP side. Those of other rooms join <c>/metrics</c> by a meter whose name begins with ExplainService.
/// </summary>
internal sealed class ServiceMetrics
{
    /// <summary>What the names of all meters of the service begin with.</summary>
    public const string MeterPrefix = "ExplainService";

    /// <summary>.NET's own meter: memory, garbage collections, processor time.</summary>
    public const string RuntimeMeter = "System.Runtime";

    /// <summary>From a cached prediction to a long Shapley estimate, in seconds.</summary>
    private static readonly double[] Buckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300];

    private readonly Counter<long> requests;
    private readonly Histogram<double> duration;
    private readonly UpDownCounter<long> running;
    private readonly Counter<long> rows;
    private readonly Counter<long> batches;
    private readonly Counter<long> tokens;
    private readonly Counter<long> explanations;
    private readonly Counter<long> failedLines;

    /// <summary>Creates the instruments.</summary>
    /// <param name="meters">Of this host: several may be in one process, as in tests.</param>
    /// <param name="memory">What requests in work hold.</param>
    public ServiceMetrics(IMeterFactory meters, WorkMemory memory)
    {
        var meter = meters.Create(MeterPrefix + ".Api");
        requests = meter.CreateCounter<long>("explain_requests", description: "Requests by route and status.");
        duration = meter.CreateHistogram(
            "explain_request_duration_seconds",
            "s",
            "Time to answer, by route.",
            tags: null,
            new InstrumentAdvice<double> { HistogramBucketBoundaries = Buckets }
        );
        running = meter.CreateUpDownCounter<long>("explain_requests_running", description: "Requests that are being answered.");
        rows = meter.CreateCounter<long>("explain_rows", description: "Rows that explanations asked a model for.");
        batches = meter.CreateCounter<long>(
            "explain_request_batches",
            description: "Batches that held rows of a request, summed over requests."
        );
        tokens = meter.CreateCounter<long>("explain_tokens", description: "Tokens that explanations asked a model for, without padding.");
        explanations = meter.CreateCounter<long>(
            "explain_explanations",
            description: "Explanations, one a line of streams, by model, method and outcome."
        );
        failedLines = meter.CreateCounter<long>("explain_failed_lines", description: "Lines of streams that were answered with a problem.");
        meter.CreateObservableCounter(
            "explain_log_lines_dropped",
            () => LogLines.Standard.Dropped,
            description: "Lines of the log that nobody read in time."
        );
        meter.CreateObservableGauge("explain_work_memory_bytes", () => memory.Used, "By", "What requests in work hold, by estimate.");
        meter.CreateObservableGauge("explain_work_memory_limit_bytes", () => memory.Limit, "By", "What requests in work may hold.");
        meter.CreateObservableGauge(
            "explain_build_info",
            () => new Measurement<long>(1, new KeyValuePair<string, object?>("version", ServiceVersion.Number)),
            description: "Always 1; the label is the version that runs."
        );
    }

    /// <summary>A request began.</summary>
    public void Started() => running.Add(1);

    /// <summary>An explanation was answered, or refused.</summary>
    /// <param name="model">A folder's name; null where it is not known whose it was.</param>
    /// <param name="method">The method's path.</param>
    /// <param name="outcome">The kind of its problem; <c>answered</c>.</param>
    public void Explained(string? model, string method, string outcome) =>
        explanations.Add(1, new("model", model ?? "(none)"), new("method", method), new("outcome", outcome));

    /// <summary>A request ended.</summary>
    public void Ended(string route, string verb, int status, TimeSpan elapsed, RequestFacts facts)
    {
        running.Add(-1);
        var routeTag = new KeyValuePair<string, object?>("route", route);
        requests.Add(1, routeTag, new("method", verb), new("status", status));
        duration.Record(elapsed.TotalSeconds, routeTag);
        rows.Add(facts.Meter.Rows, routeTag);
        batches.Add(facts.Meter.Batches, routeTag);
        tokens.Add(facts.Meter.Tokens, routeTag);
        if (facts.FailedLines > 0)
        {
            failedLines.Add(facts.FailedLines, routeTag);
        }
    }
}
