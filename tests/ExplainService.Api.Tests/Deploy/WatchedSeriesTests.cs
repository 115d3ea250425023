using System.Text.Json;
using System.Text.RegularExpressions;

namespace ExplainService.Api.Tests.Deploy;

/// <summary>The dashboard, the alerts and the autoscaler ask for series that the service has.</summary>
public sealed partial class WatchedSeriesTests(WatchedSeriesTests.Exposed exposed) : IClassFixture<WatchedSeriesTests.Exposed>
{
    /// <summary>What a scraper adds, and a histogram's own.</summary>
    private static readonly string[] Added = ["instance", "job", "namespace", "pod", "le"];

    [Fact]
    public void Every_panel_of_the_dashboard_shows_series_of_the_service()
    {
        using var dashboard = JsonDocument.Parse(File.ReadAllText(Path.Combine(YamlFile.Root, "grafana", "explain-service.json")));
        var panels = dashboard
            .RootElement.GetProperty("panels")
            .EnumerateArray()
            .Where(panel => panel.GetProperty("type").GetString() != "row");

        foreach (var panel in panels)
        {
            var targets = panel.GetProperty("targets").EnumerateArray().ToList();
            Assert.NotEmpty(targets);
            Assert.All(targets, target => Holds(target.GetProperty("expr").GetString()!));
        }
    }

    [Fact]
    public void No_two_panels_lie_on_each_other()
    {
        using var dashboard = JsonDocument.Parse(File.ReadAllText(Path.Combine(YamlFile.Root, "grafana", "explain-service.json")));
        HashSet<(int X, int Y)> taken = [];
        HashSet<int> ids = [];

        foreach (var panel in dashboard.RootElement.GetProperty("panels").EnumerateArray())
        {
            Assert.True(ids.Add(panel.GetProperty("id").GetInt32()));
            var place = panel.GetProperty("gridPos");
            var (x, y) = (place.GetProperty("x").GetInt32(), place.GetProperty("y").GetInt32());
            for (var i = 0; i < place.GetProperty("w").GetInt32() * place.GetProperty("h").GetInt32(); i++)
            {
                var cell = (x + (i % place.GetProperty("w").GetInt32()), y + (i / place.GetProperty("w").GetInt32()));
                Assert.InRange(cell.Item1, 0, 23);
                Assert.True(taken.Add(cell), panel.GetProperty("title").GetString());
            }
        }
    }

    [Fact]
    public void Every_alert_asks_for_series_of_the_service_and_says_what_it_means()
    {
        var rules = YamlFile
            .Read(Path.Combine(YamlFile.Root, "prometheus", "alerts.yaml"))
            .Single()
            .ItemsAt("groups")
            .SelectMany(group => group.ItemsAt("rules"))
            .ToList();

        Assert.Distinct(rules.Select(rule => rule.TextAt("alert")));
        foreach (var rule in rules)
        {
            Holds(rule.TextAt("expr"));
            Assert.Matches("^(warning|critical)$", rule.TextAt("labels", "severity"));
            Assert.NotEmpty(rule.TextAt("annotations", "summary"));
        }
    }

    [Fact]
    public void The_autoscaler_goes_by_the_series_that_the_adapter_gives_it()
    {
        var autoscaler = YamlFile.Read(Path.Combine(YamlFile.Root, "kubernetes", "base", "autoscaler.yaml")).Single();
        var rule = Assert.Single(YamlFile.Read(Path.Combine(YamlFile.Root, "prometheus", "adapter.yaml")).Single().ItemsAt("rules"));

        Holds(rule.TextAt("seriesQuery"));
        Assert.Equal(rule.TextAt("name", "as"), Assert.Single(autoscaler.ItemsAt("spec", "metrics")).TextAt("pods", "metric", "name"));
        Assert.StartsWith(rule.TextAt("name", "as") + "{", rule.TextAt("seriesQuery"), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_series_of_the_service_is_on_the_dashboard()
    {
        var dashboard = File.ReadAllText(Path.Combine(YamlFile.Root, "grafana", "explain-service.json"));

        Assert.All(
            exposed.Labels.Keys.Where(name => name.StartsWith("explain_", StringComparison.Ordinal)),
            name => Assert.Contains(name, dashboard, StringComparison.Ordinal)
        );
    }

    /// <summary>The series of an expression exist, and have the labels that it tells them apart by.</summary>
    private void Holds(string expression)
    {
        var series = Series().Matches(expression);
        Assert.NotEmpty(series);
        var grouped = Grouping()
            .Matches(expression)
            .SelectMany(group => group.Groups["labels"].Value.Split(',', StringSplitOptions.TrimEntries));
        foreach (Match one in series)
        {
            Assert.True(
                exposed.Labels.TryGetValue(one.Groups["name"].Value, out var labels),
                $"{one.Groups["name"].Value} in {expression}"
            );
            var asked = Matcher().Matches(one.Groups["matchers"].Value).Select(matcher => matcher.Groups["label"].Value).Concat(grouped);
            Assert.All(asked, label => Assert.True(labels.Contains(label) || Added.Contains(label), $"{label} in {expression}"));
        }
    }

    [GeneratedRegex("""\b(?<name>(explain|dotnet)_[a-z0-9_]+)\b(\{(?<matchers>[^}]*)\})?""")]
    private static partial Regex Series();

    [GeneratedRegex("(?<label>[a-z_]+) ?(=~|!~|!=|=) ?[\"]")]
    private static partial Regex Matcher();

    [GeneratedRegex("""\bby \((?<labels>[^)]*)\)""")]
    private static partial Regex Grouping();

    /// <summary>A service that has answered, and what it then exposes.</summary>
    public sealed class Exposed : Service, IAsyncLifetime
    {
        /// <summary>The labels of every series.</summary>
        public Dictionary<string, HashSet<string>> Labels { get; } = [];

        public async ValueTask InitializeAsync()
        {
            using (await Client.PostAsync(new Uri("/predict", UriKind.Relative), Body("{\"text\": \"fine\"}", "application/json"))) { }

            var lines = Body("{\"text\": \"fine\"}\n{\n", "application/x-ndjson");
            using (var stream = await Client.PostAsync(new Uri("/occlusion", UriKind.Relative), lines))
            {
                await stream.Content.ReadAsStringAsync();
            }

            // Counted when the request has ended, a moment after its answer.
            var text = "";
            await ExplainService.Testing.Patience.UntilAsync(async () =>
                (text = await Client.GetStringAsync(new Uri("/metrics", UriKind.Relative))).Contains(
                    "explain_failed_lines_total{",
                    StringComparison.Ordinal
                )
            );
            foreach (var line in text.Split('\n').Where(line => line.Length > 0 && line[0] != '#'))
            {
                var sample = Series().Match(line);
                var labels = Matcher().Matches(sample.Groups["matchers"].Value).Select(matcher => matcher.Groups["label"].Value);
                (
                    Labels.TryGetValue(sample.Groups["name"].Value, out var known) ? known : Labels[sample.Groups["name"].Value] = []
                ).UnionWith(labels);
            }
        }

        private static StringContent Body(string text, string type) => new(text, null, type);
    }
}
