using System.Diagnostics.Metrics;

namespace ExplainService.Api.Telemetry;

/// <summary>
/// The instruments of the HTTP side. Those of other rooms join <c>/metrics</c> by a meter whose name begins with ExplainService.
/// </summary>
internal sealed class ServiceMetrics : IDisposable
{
    /// <summary>What the names of all meters of the service begin with.</summary>
    public const string MeterPrefix = "ExplainService";

    private readonly Meter meter = new(MeterPrefix + ".Api");
    private readonly Counter<long> requests;
    private readonly Histogram<double> duration;
    private readonly UpDownCounter<long> running;
    private readonly Counter<long> rows;
    private readonly Counter<long> batches;
    private readonly Counter<long> tokens;

    /// <summary>Creates the instruments.</summary>
    public ServiceMetrics()
    {
        requests = meter.CreateCounter<long>("explain_requests", description: "Requests by route and status.");
        duration = meter.CreateHistogram<double>("explain_request_duration_seconds", "s", "Time to answer, by route.");
        running = meter.CreateUpDownCounter<long>("explain_requests_running", description: "Requests that are being answered.");
        rows = meter.CreateCounter<long>("explain_rows", description: "Rows that explanations asked a model for.");
        batches = meter.CreateCounter<long>(
            "explain_request_batches",
            description: "Batches that held rows of a request, summed over requests."
        );
        tokens = meter.CreateCounter<long>("explain_tokens", description: "Tokens that explanations asked a model for, without padding.");
        meter.CreateObservableGauge(
            "explain_build_info",
            () => new Measurement<long>(1, new KeyValuePair<string, object?>("version", ServiceVersion.Number)),
            description: "Always 1; the label is the version that runs."
        );
    }

    /// <summary>A request began.</summary>
    public void Started() => running.Add(1);

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
    }

    /// <inheritdoc/>
    public void Dispose() => meter.Dispose();
}
