using System.Collections.Concurrent;
using System.Text;
using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ExplainService.Api.Tests.Telemetry.Otlp;

/// <summary>A collector in the tests' own process: OTLP over HTTP on a real port, and all that came.</summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly ConcurrentQueue<byte[]> received = new();
    private readonly ConcurrentQueue<(string Source, Span Span)> spans = new();
    private readonly ConcurrentQueue<Metric> metrics = new();
    private readonly ConcurrentQueue<LogRecord> logs = new();
    private readonly ConcurrentQueue<KeyValue> resources = new();

    private OtlpReceiver()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        app.MapPost("/v1/traces", context => TakeAsync(context, Traces.Parser, Take));
        app.MapPost("/v1/metrics", context => TakeAsync(context, Metrics.Parser, Take));
        app.MapPost("/v1/logs", context => TakeAsync(context, Logs.Parser, Take));
    }

    /// <summary>Where services send to.</summary>
    public string Address => app.Urls.Single();

    public IEnumerable<(string Source, Span Span)> Spans => spans;

    public IEnumerable<Metric> AllMetrics => metrics;

    public IEnumerable<LogRecord> Records => logs;

    /// <summary>What is said of the service itself.</summary>
    public IEnumerable<KeyValue> Resources => resources;

    /// <summary>All that was received, as text where it is text.</summary>
    public IEnumerable<string> Bodies => received.Select(body => Encoding.Latin1.GetString(body));

    public static async Task<OtlpReceiver> StartAsync()
    {
        var receiver = new OtlpReceiver();
        await receiver.app.StartAsync();
        return receiver;
    }

    /// <summary>Settings of a service that sends here, soon after things happen.</summary>
    public (string Key, string Value)[] Settings =>
        [
            ("OTEL_EXPORTER_OTLP_ENDPOINT", Address),
            ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"),
            ("OTEL_BSP_SCHEDULE_DELAY", "50"),
            ("OTEL_BLRP_SCHEDULE_DELAY", "50"),
            ("OTEL_METRIC_EXPORT_INTERVAL", "100"),
        ];

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private async Task TakeAsync<T>(HttpContext context, MessageParser<T> parser, Action<T> take)
        where T : IMessage<T>
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        received.Enqueue(body.ToArray());
        take(parser.ParseFrom(body.ToArray()));
        context.Response.ContentType = "application/x-protobuf";
    }

    private void Take(Traces traces)
    {
        foreach (var resource in traces.ResourceSpans)
        {
            AddAll(resources, resource.Resource.Attributes);
            foreach (var scope in resource.ScopeSpans)
            {
                AddAll(spans, scope.Spans.Select(span => (scope.Scope.Name, span)));
            }
        }
    }

    private void Take(Metrics measured) =>
        AddAll(metrics, measured.ResourceMetrics.SelectMany(resource => resource.ScopeMetrics).SelectMany(scope => scope.Metrics));

    private void Take(Logs written) =>
        AddAll(logs, written.ResourceLogs.SelectMany(resource => resource.ScopeLogs).SelectMany(scope => scope.LogRecords));

    private static void AddAll<T>(ConcurrentQueue<T> queue, IEnumerable<T> items)
    {
        foreach (var item in items)
        {
            queue.Enqueue(item);
        }
    }
}
