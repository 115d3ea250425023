using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace ExplainService.Api.Telemetry;

/// <summary>
/// Keeps the sums of every instrument of the service and of .NET, and writes them in Prometheus' text format. The official exporter is a
/// prerelease; what it would do here is this page.
/// </summary>
internal sealed class PrometheusExporter : IDisposable
{
    /// <summary>The media type of the exposition.</summary>
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    /// <summary>From a cached prediction to a long Shapley estimate, in seconds.</summary>
    private static readonly double[] Buckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300];

    private readonly MeterListener listener = new();
    private readonly ConcurrentDictionary<string, Family> families = new(StringComparer.Ordinal);

    /// <summary>Starts to listen.</summary>
    public PrometheusExporter()
    {
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (
                instrument.Meter.Name == ServiceMetrics.RuntimeMeter
                || instrument.Meter.Name.StartsWith(ServiceMetrics.MeterPrefix, StringComparison.Ordinal)
            )
            {
                self.EnableMeasurementEvents(instrument, families.GetOrAdd(instrument.Name, _ => new Family(instrument)));
            }
        };
        listener.SetMeasurementEventCallback<long>((_, value, tags, state) => (state as Family)?.Record(value, tags));
        listener.SetMeasurementEventCallback<int>((_, value, tags, state) => (state as Family)?.Record(value, tags));
        listener.SetMeasurementEventCallback<double>((_, value, tags, state) => (state as Family)?.Record(value, tags));
        listener.Start();
    }

    /// <summary>The exposition.</summary>
    public string Write()
    {
        listener.RecordObservableInstruments();
        var text = new StringBuilder();
        foreach (var family in families.Values.OrderBy(family => family.Name, StringComparer.Ordinal))
        {
            family.Write(text);
        }

        return text.ToString();
    }

    /// <inheritdoc/>
    public void Dispose() => listener.Dispose();

    /// <summary>One instrument: a sample for each combination of its tags.</summary>
    private sealed class Family(Instrument instrument)
    {
        private readonly ConcurrentDictionary<string, Sample> samples = new(StringComparer.Ordinal);
        private readonly bool observed = instrument.IsObservable;
        private readonly string kind = KindOf(instrument);

        public string Name { get; } = NameOf(instrument);

        public void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            var sample = samples.GetOrAdd(Labels(tags), static _ => new Sample());
            lock (sample)
            {
                // Observable and plain gauges report what is; everything else reports what was added.
                sample.Sum = observed || instrument is Gauge<long> or Gauge<double> or Gauge<int> ? value : sample.Sum + value;
                sample.Count++;
                if (kind == "histogram")
                {
                    var bucket = Array.FindIndex(Buckets, bound => value <= bound);
                    sample.Buckets[bucket < 0 ? Buckets.Length : bucket]++;
                }
            }
        }

        public void Write(StringBuilder text)
        {
            var help = instrument.Description?.Replace("\\", "\\\\", StringComparison.Ordinal).ReplaceLineEndings(" ");
            text.Append(CultureInfo.InvariantCulture, $"# HELP {Name} {help}\n# TYPE {Name} {kind}\n");
            foreach (var (labels, sample) in samples.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            {
                lock (sample)
                {
                    if (kind == "histogram")
                    {
                        WriteHistogram(text, labels, sample);
                    }
                    else
                    {
                        text.Append(CultureInfo.InvariantCulture, $"{Name}{Braces(labels)} {sample.Sum:R}\n");
                    }
                }
            }
        }

        private void WriteHistogram(StringBuilder text, string labels, Sample sample)
        {
            var comma = labels.Length > 0 ? "," : "";
            var below = 0L;
            for (var bucket = 0; bucket <= Buckets.Length; bucket++)
            {
                below += sample.Buckets[bucket];
                var bound = bucket < Buckets.Length ? Buckets[bucket].ToString("R", CultureInfo.InvariantCulture) : "+Inf";
                text.Append(CultureInfo.InvariantCulture, $"{Name}_bucket{{{labels}{comma}le=\"{bound}\"}} {below}\n");
            }

            text.Append(
                CultureInfo.InvariantCulture,
                $"{Name}_sum{Braces(labels)} {sample.Sum:R}\n{Name}_count{Braces(labels)} {sample.Count}\n"
            );
        }

        private static string KindOf(Instrument instrument) =>
            instrument.GetType().Name switch
            {
                var name when name.StartsWith("Histogram", StringComparison.Ordinal) => "histogram",
                var name
                    when name.StartsWith("Counter", StringComparison.Ordinal)
                        || name.StartsWith("ObservableCounter", StringComparison.Ordinal) => "counter",
                _ => "gauge",
            };

        /// <summary>A counter is a total; what ends in a count, as some of .NET's gauges do, would be taken for a histogram's.</summary>
        private static string NameOf(Instrument instrument)
        {
            const string Count = "_count";
            var name = Identifier(instrument.Name);
            return KindOf(instrument) == "counter" ? name + "_total"
                : name.EndsWith(Count, StringComparison.Ordinal) ? name[..^Count.Length] + "_number"
                : name;
        }

        /// <summary>OpenTelemetry's names have dots, which Prometheus' may not.</summary>
        private static string Identifier(string name) => name.Replace('.', '_');

        private static string Braces(string labels) => labels.Length > 0 ? "{" + labels + "}" : "";

        private static string Labels(ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            var text = new StringBuilder();
            foreach (var (key, value) in tags)
            {
                var escaped = Convert
                    .ToString(value, CultureInfo.InvariantCulture)
                    ?.Replace("\\", "\\\\", StringComparison.Ordinal)
                    .Replace("\"", "\\\"", StringComparison.Ordinal)
                    .Replace("\n", "\\n", StringComparison.Ordinal);
                text.Append(text.Length > 0 ? "," : "").Append(Identifier(key)).Append("=\"").Append(escaped).Append('"');
            }

            return text.ToString();
        }
    }

    private sealed class Sample
    {
        public double Sum { get; set; }

        public long Count { get; set; }

        public long[] Buckets { get; } = new long[PrometheusExporter.Buckets.Length + 1];
    }
}
