using System.Text.RegularExpressions;
using ExplainService.Api.Tests.Fakes;

namespace ExplainService.Api.Tests.Telemetry;

/// <summary>The exposition is what <c>promtool check metrics</c> finds nothing in.</summary>
public sealed partial class MetricsFormatTests
{
    private static readonly string[] Suffixes = ["_count", "_sum", "_bucket", "_total", "_info"];

    [Fact]
    public async Task Every_series_is_well_formed_described_once_and_named_by_its_kind()
    {
        await using var service = new FakeService();
        using (await service.PostAsync("/predict", """{"text": "a"}""")) { }

        using (await service.PostAsync("/shap", "{\"text\": \"a\"}\n{", "application/x-ndjson")) { }

        using (await service.Client.GetAsync(new Uri("/explorer/app.js", UriKind.Relative))) { }

        var lines = (
            await service.MetricsAsync("""explain_requests_total\{method="GET",route="\(static\)""", "explain_failed_lines_total")
        ).Split('\n');

        Assert.Equal("", lines[^1]);
        Dictionary<string, string> kinds = [];
        HashSet<string> series = [];
        for (var i = 0; i < lines.Length - 1; i++)
        {
            if (lines[i].StartsWith('#'))
            {
                var type = TypeLine().Match(lines[i]);
                var help = HelpLine().Match(lines[++i]);
                Assert.True(help.Success && type.Success, lines[i - 1] + "\n" + lines[i]);
                Assert.Equal(help.Groups["name"].Value, type.Groups["name"].Value);
                kinds.Add(type.Groups["name"].Value, type.Groups["kind"].Value);
                continue;
            }

            var sample = SampleLine().Match(lines[i]);
            Assert.True(sample.Success, lines[i]);
            Assert.True(series.Add(sample.Groups["series"].Value), lines[i]);
            var name = sample.Groups["name"].Value;
            Assert.True(kinds.ContainsKey(name) || kinds.GetValueOrDefault(HistogramPart().Replace(name, "")) == "histogram", name);
        }

        foreach (var (name, kind) in kinds)
        {
            Assert.Equal(kind == "counter", name.EndsWith("_total", StringComparison.Ordinal));
            Assert.DoesNotMatch("[A-Z]|_(milliseconds|ms|minutes|kilobytes|megabytes|percent|histogram|counter|gauge)(_|$)", name);
            if (kind is "gauge" or "histogram")
            {
                Assert.DoesNotContain(Suffixes, suffix => suffix != "_info" && name.EndsWith(suffix, StringComparison.Ordinal));
            }
        }

        Assert.Contains("explain_build_info", kinds.Keys);
        Assert.Equal(
            "explain_failed_lines_total{route=\"/shap\"} 1",
            Assert.Single(lines, line => line.StartsWith("explain_failed_lines_total{", StringComparison.Ordinal))
        );
        Assert.Contains(
            series,
            one =>
                one.StartsWith("explain_requests_total{", StringComparison.Ordinal)
                && one.Contains("route=\"(static)\"", StringComparison.Ordinal)
        );
        Assert.DoesNotContain(series, one => one.Contains("app.js", StringComparison.Ordinal));
    }

    [GeneratedRegex("^# HELP (?<name>[a-z_:][a-z0-9_:]*) .*[^ ]$")]
    private static partial Regex HelpLine();

    [GeneratedRegex("^# TYPE (?<name>[a-z_:][a-z0-9_:]*) (?<kind>counter|gauge|histogram)$")]
    private static partial Regex TypeLine();

    [GeneratedRegex(
        """^(?<series>(?<name>[a-z_:][a-z0-9_:]*)(\{([a-z_][a-z0-9_]*="([^"\\]|\\["\\n])*",?)*\})?) (?<value>-?[0-9.]+([eE][+-]?[0-9]+)?|NaN|[+-]Inf)$"""
    )]
    private static partial Regex SampleLine();

    [GeneratedRegex("_(bucket|sum|count)$")]
    private static partial Regex HistogramPart();
}
