using System.Text.Json;
using ExplainService.Goldens;

namespace ExplainService.Api.Tests.Jobs;

/// <summary>A service with the bundled models, and one whose labels have changed places.</summary>
public sealed class DriftService : JobsService
{
    /// <summary>The other model.</summary>
    public const string Swapped = "swapped";

    protected override IEnumerable<(string Key, string Value)> Settings => [.. base.Settings, ("Models:Directory", Models())];

    private string Models()
    {
        var folder = Path.Combine(TemporaryFolder, "models");
        if (!Directory.Exists(folder))
        {
            Directory.CreateDirectory(Path.Combine(folder, Swapped));
            Directory.CreateSymbolicLink(Path.Combine(folder, "minilm-sst2"), Path.Combine(ReferenceData.BundledModels, "minilm-sst2"));
            foreach (var file in Directory.EnumerateFiles(Path.Combine(ReferenceData.BundledModels, "minilm-sst2")))
            {
                File.Copy(file, Path.Combine(folder, Swapped, Path.GetFileName(file)));
            }

            var config = Path.Combine(folder, Swapped, "config.json");
            File.WriteAllText(
                config,
                File.ReadAllText(config)
                    .Replace("\"0\": \"negative\"", "\"0\": \"positive\"")
                    .Replace("\"1\": \"positive\"", "\"1\": \"negative\"")
            );
        }

        return folder;
    }
}

/// <summary>Kind <c>drift</c>: how answers differ from those of another model, or of an earlier job.</summary>
public sealed class JobDriftTests(DriftService service) : IClassFixture<DriftService>
{
    private const int Rows = 40;
    private const double Rounding = 1e-6;

    private static readonly object Occlusion = new { endpoint = "/occlusion" };

    [Fact]
    public async Task Two_jobs_differ_by_the_definition()
    {
        var before = await service.RunJobAsync(new { kind = "explain", request = Occlusion }, Rows);
        var now = await service.RunJobAsync(
            new
            {
                kind = "explain",
                request = new
                {
                    endpoint = "/saliency",
                    method = "input_x_gradient",
                    granularity = "word",
                },
            },
            Rows
        );
        var id = (
            await service.PostJobAsync(
                new
                {
                    kind = "drift",
                    input = new { job = now },
                    against = new { job = before },
                }
            )
        ).Id();
        var job = await service.Client.WhenAsync(id, "succeeded");
        var drift = (await service.Client.SummaryAsync(id, "?top=1000")).GetProperty("drift");
        var words = (await WordsAsync(before), await WordsAsync(now));

        Assert.Equal(Rows, drift.GetProperty("rows").GetInt32());
        Assert.Equal(0, Number(drift, "flipped"));
        Assert.Equal(now, job.GetProperty("input").GetProperty("job").GetString());
        Assert.Equal(64, job.GetProperty("model_sha256")[0].GetString()!.Length);
        Assert.Equal(2, drift.GetProperty("words").GetArrayLength());
        foreach (var label in drift.GetProperty("words").EnumerateArray())
        {
            var (old, fresh) = (words.Item1[Text(label, "label")], words.Item2[Text(label, "label")]);
            var shared = old.Keys.Intersect(fresh.Keys).Order(StringComparer.Ordinal).ToArray();
            Assert.Equal(shared.Length, label.GetProperty("shared").GetInt32());
            Assert.Equal(Ndcg(shared, old, fresh), Number(label, "ndcg"), Rounding);
            var (strongest, strongestNow) = (Top(shared, old), Top(shared, fresh));
            Assert.Equal(strongest.Intersect(strongestNow).Count() / 20.0, Number(label, "top_overlap"), Rounding);
            Assert.Equal(
                shared
                    .Where(word => old[word].Low is { } low && (fresh[word].Mean < low - 2e-5 || fresh[word].Mean > old[word].High + 2e-5))
                    .Order(StringComparer.Ordinal),
                label.GetProperty("strongest").EnumerateArray().Select(word => Text(word, "word")).Order(StringComparer.Ordinal)
            );
        }

        Assert.Equal(drift.GetProperty("words").EnumerateArray().Min(label => Number(label, "ndcg")), Number(drift, "ndcg"), Rounding);
    }

    [Fact]
    public async Task A_row_that_can_no_longer_be_read_still_counts_among_those_before()
    {
        var before = await service.RunJobAsync(new { kind = "explain", request = Occlusion }, 3);
        var lines = AskingForJobs.Sentences(3).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines[1] = "{";
        var job = new
        {
            kind = "drift",
            request = Occlusion,
            against = new { job = before },
        };
        var id = (await service.Client.PostFileAsync(job, string.Join('\n', lines), "broken.ndjson")).Id();
        await service.Client.WhenAsync(id, "succeeded");
        var result = (await service.Client.ResultsAsync(id))[1];
        var labels = (await service.Client.SummaryAsync(id)).GetProperty("drift").GetProperty("labels").EnumerateArray().ToArray();

        Assert.Equal(400, result.GetProperty("status").GetInt32());
        Assert.True(result.GetProperty("before").TryGetProperty("prediction", out _));
        Assert.Equal(1, labels.Sum(label => Number(label, "before")), Rounding);
        Assert.Equal(3, (await service.Client.ResultsAsync(before)).Length);
    }

    [Fact]
    public async Task A_label_that_is_explained_on_one_side_alone_has_kept_no_rank()
    {
        var before = await ExplainedAsync("a good film");
        var id = await DriftAsync(await ExplainedAsync("a bad film"), before);
        var summary = await service.Client.SummaryAsync(id);
        var drift = summary.GetProperty("drift");

        Assert.Equal(["negative", "positive"], drift.GetProperty("lost").EnumerateArray().Select(label => label.GetString()));
        Assert.Equal(0, Number(drift, "ndcg"));
        Assert.Contains("its NDCG is 0", await service.Client.GetStringAsync(new Uri($"/jobs/{id}/report", UriKind.Relative)));

        async Task<string> ExplainedAsync(string text)
        {
            var job = new
            {
                kind = "explain",
                request = Occlusion,
                input = new { texts = Enumerable.Repeat(text, 3) },
            };
            var id = (await service.PostJobAsync(job)).Id();
            await service.Client.WhenAsync(id, "succeeded");
            return id;
        }
    }

    [Fact]
    public async Task A_drift_is_compared_with_like_any_other_job()
    {
        var longer = await service.RunJobAsync(new { kind = "explain", request = Occlusion }, 12);
        var shorter = await service.RunJobAsync(new { kind = "explain", request = Occlusion }, 9);
        var first = await DriftAsync(shorter, longer);
        var second = await DriftAsync(shorter, first);

        // The last three rows of the first drift have no answer of its own, only one that it was compared with.
        Assert.Equal(12, (await service.Client.ResultsAsync(first)).Length);
        Assert.Equal(9, (await service.Client.SummaryAsync(second)).GetProperty("drift").GetProperty("rows").GetInt32());
    }

    [Fact]
    public async Task Another_model_that_says_the_opposite_flips_every_row()
    {
        var id = (
            await service.Client.PostFileAsync(
                new
                {
                    kind = "drift",
                    against = new { model = DriftService.Swapped },
                    request = new { endpoint = "/occlusion", model = "minilm-sst2" },
                },
                AskingForJobs.Sentences(Rows),
                "sentences.ndjson"
            )
        ).Id();
        await service.Client.WhenAsync(id, "succeeded");
        var drift = (await service.Client.SummaryAsync(id)).GetProperty("drift");
        var lines = await service.Client.ResultsAsync(id);

        Assert.Equal(1, Number(drift, "flipped"));
        Assert.Equal(DriftService.Swapped, drift.GetProperty("before")[0].GetString());
        Assert.Equal(64, drift.GetProperty("before_sha256")[0].GetString()!.Length);
        var positive = lines.Average(line => Text(line.GetProperty("prediction"), "label") == "positive" ? 1.0 : 0);
        Assert.Equal(Math.Abs((2 * positive) - 1), Number(drift, "label_shift"), Rounding);
        Assert.All(
            lines,
            line =>
                Assert.Equal(
                    line.GetProperty("units").EnumerateArray().Select(unit => Number(unit, "score")),
                    line.GetProperty("before").GetProperty("units").EnumerateArray().Select(unit => Number(unit, "score")),
                    (one, other) => Math.Abs(one - other) < 2e-4
                )
        );
    }

    [Fact]
    public async Task A_new_run_is_compared_with_rows_of_the_same_text_alone()
    {
        var before = await service.RunJobAsync(new { kind = "explain", request = Occlusion }, 12);
        var file = AskingForJobs.Sentences(9).Replace("\"s3\",\"text\":\"", "\"s3\",\"text\":\"no ", StringComparison.Ordinal);
        var id = (
            await service.Client.PostFileAsync(
                new
                {
                    kind = "drift",
                    against = new { job = before },
                    request = Occlusion,
                },
                file,
                "sentences.ndjson"
            )
        ).Id();
        var job = await service.Client.WhenAsync(id, "succeeded");
        await service.Client.DeleteAsync(new Uri($"/jobs/{before}", UriKind.Relative));
        var summary = await service.Client.SummaryAsync(id);
        var lines = await service.Client.ResultsAsync(id);

        Assert.Equal(12, job.Progress("rows"));
        Assert.Equal(9, summary.GetProperty("answered").GetInt32());
        Assert.Equal(
            (8, 0.0),
            (summary.GetProperty("drift").GetProperty("rows").GetInt32(), Number(summary.GetProperty("drift"), "flipped"))
        );
        Assert.Equal(12, lines.Count(line => line.TryGetProperty("before", out _)));
        Assert.False(lines[3].TryGetProperty("flipped", out _));
        Assert.False(lines[11].TryGetProperty("prediction", out _));
    }

    [Theory]
    [InlineData("""{"kind": "drift", "input": {"texts": ["a"]}}""", "against")]
    [InlineData("""{"kind": "drift", "input": {"texts": ["a"]}, "against": {"job": "a", "model": "b"}}""", "against")]
    [InlineData("""{"kind": "drift", "input": {"job": "a"}, "against": {"model": "b"}}""", "against.model")]
    [InlineData("""{"kind": "drift", "input": {"job": "a"}, "against": {"job": "b"}, "request": {}}""", "request")]
    [InlineData("""{"kind": "explain", "input": {"texts": ["a"]}, "against": {"job": "a"}}""", "against")]
    [InlineData(
        """{"kind": "drift", "input": {"texts": ["a"]}, "against": {"model": "b"}, "request": {"endpoint": "/layers"}}""",
        "request.endpoint"
    )]
    public async Task What_compares_nothing_is_refused(string job, string field) =>
        Assert.Contains(field, await service.RefusedFieldsAsync("/jobs", job, 400));

    [Theory]
    [InlineData("""{"kind": "drift", "input": {"texts": ["a"]}, "against": {"job": "none"}}""")]
    [InlineData("""{"kind": "drift", "input": {"texts": ["a"]}, "against": {"model": "none"}}""")]
    public async Task What_is_not_there_is_a_404(string job)
    {
        var (status, _) = await service.PostAsync("/jobs", Asking.Parse(job));
        Assert.Equal(404, status);
    }

    private async Task<Dictionary<string, Dictionary<string, Word>>> WordsAsync(string id) =>
        (await service.Client.SummaryAsync(id, "?top=10000"))
            .GetProperty("words")
            .EnumerateArray()
            .ToDictionary(
                label => Text(label, "label"),
                label =>
                    label
                        .GetProperty("words")
                        .EnumerateArray()
                        .ToDictionary(
                            word => Text(word, "word"),
                            word => new Word(
                                Number(word, "mean"),
                                Number(word, "mean_absolute"),
                                word.TryGetProperty("low", out var low) ? low.GetDouble() : null,
                                word.TryGetProperty("high", out var high) ? high.GetDouble() : null
                            )
                        )
            );

    /// <summary>Gains are the old sizes, in the order of the new ones, over the best order there is.</summary>
    private static double Ndcg(string[] words, Dictionary<string, Word> before, Dictionary<string, Word> now)
    {
        var (gain, ideal) = (0.0, 0.0);
        var (ordered, best) = (
            words.OrderByDescending(word => now[word].Size).ToArray(),
            words.OrderByDescending(word => before[word].Size).ToArray()
        );
        for (var place = 0; place < words.Length; place++)
        {
            gain += before[ordered[place]].Size / Math.Log2(place + 2);
            ideal += before[best[place]].Size / Math.Log2(place + 2);
        }

        return gain / ideal;
    }

    private static string[] Top(string[] words, Dictionary<string, Word> scores) =>
        [.. words.OrderByDescending(word => scores[word].Size).Take(20)];

    private static string Text(JsonElement parent, string name) => parent.GetProperty(name).GetString()!;

    private static double Number(JsonElement parent, string name) => parent.GetProperty(name).GetDouble();

    private sealed record Word(double Mean, double Size, double? Low, double? High);

    private async Task<string> DriftAsync(string now, string before)
    {
        var posted = await service.PostJobAsync(
            new
            {
                kind = "drift",
                input = new { job = now },
                against = new { job = before },
            }
        );
        await service.Client.WhenAsync(posted.Id(), "succeeded");
        return posted.Id();
    }
}
