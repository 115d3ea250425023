using ExplainService.Api.Tests.Telemetry.Otlp;
using ExplainService.Testing;

namespace ExplainService.Api.Tests.Telemetry;

/// <summary>The service with the bundled models on a real port, and the collector that it sends to.</summary>
public sealed class CollectedService : TestHost, IAsyncLifetime
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("explain-collected-");
    private OtlpReceiver? collector;

    internal OtlpReceiver Collector => collector!;

    protected override IEnumerable<(string Key, string Value)> Settings =>
        [.. Bundled, ("urls", "http://127.0.0.1:0"), ("Jobs:Directory", folder.FullName), .. Collector.Settings];

    protected override string TemporaryFolder => folder.FullName;

    public async ValueTask InitializeAsync()
    {
        collector = await OtlpReceiver.StartAsync();
        UseKestrel();
        StartServer();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await Collector.DisposeAsync();
    }

    /// <summary>The spans of a trace, once one of a name is among them.</summary>
    /// <param name="trace">Its id, in hexadecimal.</param>
    /// <param name="last">The span that ends after all others.</param>
    internal async Task<(string Source, Span Span)[]> TraceAsync(string trace, string last)
    {
        (string Source, Span Span)[] spans = [];
        await Patience.UntilAsync(
            () =>
            {
                spans = [.. Collector.Spans.Where(one => Hex(one.Span.TraceId) == trace)];
                return Task.FromResult(spans.Any(one => one.Span.Name == last));
            },
            () => $"no span {last}, but {string.Join(", ", spans.Select(one => one.Span.Name))}"
        );
        return spans;
    }

    internal static string Hex(Google.Protobuf.ByteString id) => Convert.ToHexStringLower(id.Span);
}
