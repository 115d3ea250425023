using System.Net;
using ExplainService.Api.Tests.Fakes;
using ExplainService.Api.Tests.Jobs;
using ExplainService.Api.Tests.Telemetry.Otlp;
using ExplainService.Testing;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Trace;

namespace ExplainService.Api.Tests.Telemetry;

/// <summary>What a collector gets to see of the service, by OTLP.</summary>
public sealed class CollectorTests(CollectedService service) : IClassFixture<CollectedService>
{
    private const string Secret = "sorrowful";

    [Fact]
    public async Task A_trace_leads_from_the_request_by_its_tokens_and_the_queue_to_onnx_runtime()
    {
        var spans = await TraceOfAsync("/occlusion", new { text = "A quiet and moving film about two brothers." });

        var request = Only(spans, "POST /occlusion");
        Assert.Equal("/occlusion", Text(request, "http.route"));
        Assert.Equal(200, Number(request, "http.response.status_code"));
        var explain = Only(spans, "explain");
        Assert.Equal(request.SpanId, explain.ParentSpanId);
        Assert.Equal(("occlusion", "minilm-sst2"), (Text(explain, "explain.method"), Text(explain, "explain.model")));
        var tokens = Only(spans, "tokens");
        Assert.Equal(explain.SpanId, tokens.ParentSpanId);
        Assert.Equal(11, Number(tokens, "explain.tokens"));

        var stays = All(spans, "queue");
        Assert.All(stays, stay => Assert.Equal(explain.SpanId, stay.ParentSpanId));
        var line = await LineAsync(CollectedService.Hex(request.TraceId));
        Assert.Equal(Number(line.Attributes, "Rows"), stays.Sum(stay => Number(stay, "explain.rows")));
        Assert.Equal(Number(line.Attributes, "Batches"), All(spans, "batch").Count);
        foreach (var batch in All(spans, "batch"))
        {
            Assert.Contains(stays, stay => stay.SpanId == batch.ParentSpanId);
            Assert.Contains(batch.Links, link => link.SpanId == batch.ParentSpanId && link.TraceId == batch.TraceId);
        }

        Assert.All(All(spans, "onnxruntime.run"), run => Assert.Contains(All(spans, "batch"), batch => batch.SpanId == run.ParentSpanId));
        Assert.Equal("forward", Text(All(spans, "onnxruntime.run")[0], "explain.form"));
        Assert.Equal(
            ["ExplainService.Methods", "ExplainService.Queue", "ExplainService.Sessions"],
            spans.Select(one => one.Source).Where(name => name.StartsWith("ExplainService", StringComparison.Ordinal)).Distinct().Order()
        );
    }

    [Fact]
    public async Task The_collector_is_told_which_service_and_version_it_hears()
    {
        await TraceOfAsync("/tokenize", new { text = "short" });

        Assert.Contains(service.Collector.Resources, one => (one.Key, one.Value.StringValue) == ("service.name", "explain-service"));
        Assert.Contains(service.Collector.Resources, one => one.Key == "service.version" && one.Value.StringValue.Length > 0);
    }

    [Fact]
    public async Task A_refusal_ends_its_spans_with_what_went_wrong()
    {
        var spans = await TraceOfAsync("/predict", new { text = string.Join(' ', Enumerable.Repeat("long", 600)) });

        var explain = Only(spans, "explain");
        Assert.Equal(2, explain.Status.Code);
        Assert.EndsWith("InvalidRequestException", Text(explain, "error.type"), StringComparison.Ordinal);
        Assert.Equal(422, Number(Only(spans, "POST /predict"), "http.response.status_code"));
    }

    [Fact]
    public async Task Every_line_of_a_stream_is_an_explanation_of_its_own()
    {
        using var content = new StringContent("{\"text\": \"one\"}\n{\"text\": \"two\"}\n", null, "application/x-ndjson");
        using var answer = await service.Client.PostAsync(new Uri("/predict", UriKind.Relative), content);
        await answer.Content.ReadAsStringAsync();

        var spans = await service.TraceAsync(answer.Headers.GetValues("X-Trace-Id").Single(), "POST /predict");

        Assert.Equal(2, All(spans, "explain").Count);
    }

    [Fact]
    public async Task A_chunk_of_a_job_is_a_trace_with_its_rows()
    {
        var posted = await service.PostJobAsync(new { kind = "predict", input = new { texts = new[] { "one", "two", "three" } } });
        await service.Client.WhenAsync(posted.Id(), "succeeded");

        Span? chunk = null;
        await Patience.UntilAsync(() => (chunk = service.Collector.Spans.Select(one => one.Span).FirstOrDefault(IsOfTheJob)) is not null);
        var spans = await service.TraceAsync(CollectedService.Hex(chunk!.TraceId), "chunk");

        Assert.Empty(chunk.ParentSpanId);
        Assert.Equal(3, Number(chunk, "explain.rows"));
        Assert.Equal(3, All(spans, "explain").Count(explain => explain.ParentSpanId == chunk.SpanId));

        bool IsOfTheJob(Span span) => span.Name == "chunk" && Text(span, "explain.job") == posted.Id();
    }

    [Fact]
    public async Task Measurements_come_under_the_names_of_their_instruments()
    {
        await TraceOfAsync("/predict", new { text = "fine" });

        string[] wanted =
        [
            "explain_requests",
            "explain_request_duration_seconds",
            "explain_queue_backlog_seconds",
            "explain_device_rows",
            "explain_build_info",
            "dotnet.gc.collections",
        ];
        await Patience.UntilAsync(
            () => Task.FromResult(wanted.Except(service.Collector.AllMetrics.Select(metric => metric.Name)).Any() is false),
            () => string.Join(", ", service.Collector.AllMetrics.Select(metric => metric.Name).Distinct().Order())
        );
    }

    [Fact]
    public async Task A_line_of_the_log_bears_the_trace_of_its_request()
    {
        using var answer = await service.Client.GetAsync(new Uri("/models", UriKind.Relative));
        var trace = answer.Headers.GetValues("X-Trace-Id").Single();

        var line = await LineAsync(trace);

        Assert.StartsWith("\"GET\" \"/models/\" 200", line.Body.StringValue, StringComparison.Ordinal);
        Assert.Equal(("/models/", 200), (Text(line.Attributes, "Route"), Number(line.Attributes, "Status")));
        var spans = await service.TraceAsync(trace, "GET /models/");
        Assert.Equal(Only(spans, "GET /models/").SpanId, line.SpanId);
    }

    [Fact]
    public async Task Nothing_that_a_client_says_reaches_the_collector()
    {
        var text = $"A {Secret} film about two {Secret} brothers.";
        foreach (var path in new[] { "/predict", "/shap", "/occlusion", "/saliency" })
        {
            await TraceOfAsync(path, new { text });
        }

        await TraceOfAsync("/predict", new { text, model = Secret });
        await TraceOfAsync("/predict", new Dictionary<string, string> { [Secret] = text });
        using var odd = new HttpRequestMessage(new HttpMethod(Secret.ToUpperInvariant()), $"/{Secret}?{Secret}={Secret}");
        odd.Headers.UserAgent.ParseAdd(Secret);
        odd.Headers.Host = Secret + ".example";
        using var answer = await service.Client.SendAsync(odd);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        var trace = answer.Headers.GetValues("X-Trace-Id").Single();
        await Patience.UntilAsync(() => service.Collector.Spans.Any(one => CollectedService.Hex(one.Span.TraceId) == trace));
        await Patience.UntilAsync(() => service.Collector.Records.Any(record => CollectedService.Hex(record.TraceId) == trace));

        Assert.DoesNotContain(service.Collector.Bodies, body => body.Contains(Secret, StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task Probes_and_scrapes_are_not_traced()
    {
        foreach (var path in new[] { "/health/live", "/v1/health/ready", "/v2/health/ready", "/ping", "/metrics", "/models" })
        {
            using var answer = await service.Client.GetAsync(new Uri(path, UriKind.Relative));
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }

        await Patience.UntilAsync(() => service.Collector.Spans.Any(one => one.Span.Name == "GET /models/"));
        Assert.DoesNotContain(
            service.Collector.Spans,
            one =>
                one.Span.Name.Contains("/health", StringComparison.Ordinal)
                || one.Span.Name.EndsWith("/ping", StringComparison.Ordinal)
                || one.Span.Name.EndsWith("/metrics", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task Without_an_address_nothing_is_traced()
    {
        await using var alone = new FakeService();

        Assert.Null(alone.Services.GetService<TracerProvider>());
    }

    [Fact]
    public async Task A_collector_that_is_away_holds_up_nothing()
    {
        await using var alone = new FakeService(settings: ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9"));

        using var answer = await alone.PostAsync("/predict", """{"text": "a"}""");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task What_is_no_address_ends_the_start()
    {
        var (exitCode, lines, _) = await ServiceRun.ToItsEndAsync("OTEL_EXPORTER_OTLP_ENDPOINT=collector:4317");

        Assert.Equal(1, exitCode);
        Assert.Contains("OTEL_EXPORTER_OTLP_ENDPOINT is no http:// or https:// address", Assert.Single(lines), StringComparison.Ordinal);
    }

    private async Task<(string Source, Span Span)[]> TraceOfAsync(string path, object body)
    {
        using var content = System.Net.Http.Json.JsonContent.Create(body);
        using var answer = await service.Client.PostAsync(path, content);
        return await service.TraceAsync(answer.Headers.GetValues("X-Trace-Id").Single(), "POST " + path);
    }

    private async Task<LogRecord> LineAsync(string trace)
    {
        LogRecord? line = null;
        await Patience.UntilAsync(() =>
            (line = service.Collector.Records.FirstOrDefault(record => CollectedService.Hex(record.TraceId) == trace)) is not null
        );
        return line!;
    }

    private static List<Span> All((string Source, Span Span)[] spans, string name) =>
        [.. spans.Select(one => one.Span).Where(span => span.Name == name)];

    private static Span Only((string Source, Span Span)[] spans, string name) => Assert.Single(All(spans, name));

    private static string Text(Span span, string key) => Text(span.Attributes, key);

    private static string Text(IEnumerable<KeyValue> attributes, string key) =>
        Assert.Single(attributes, one => one.Key == key).Value.StringValue;

    private static long Number(Span span, string key) => Number(span.Attributes, key);

    private static long Number(IEnumerable<KeyValue> attributes, string key) =>
        Assert.Single(attributes, one => one.Key == key).Value.IntValue;
}
