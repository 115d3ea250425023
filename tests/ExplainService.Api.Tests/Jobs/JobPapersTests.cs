using System.IO.Compression;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace ExplainService.Api.Tests.Jobs;

/// <summary>What is written about a job: the report and the evidence.</summary>
public sealed partial class JobPapersTests(JobsService service) : IClassFixture<JobsService>
{
    [Fact]
    public async Task Evidence_is_the_same_bytes_each_time_and_its_sums_are_those_of_its_files()
    {
        var id = await RunAsync(AskingForJobs.Sentences(20));
        var first = await EvidenceAsync(id);
        var second = await EvidenceAsync(id);

        Assert.Equal(Convert.ToHexString(SHA256.HashData(first)), Convert.ToHexString(SHA256.HashData(second)));
        using var zip = new ZipArchive(new MemoryStream(first));
        var files = zip.Entries.ToDictionary(entry => entry.Name, Read);
        Assert.Equal(
            ["SHA256SUMS", "manifest.json", "report.html", "results.ndjson", "summary.json"],
            files.Keys.Order(StringComparer.Ordinal)
        );
        foreach (var line in Encoding.UTF8.GetString(files["SHA256SUMS"]).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(files[line[66..]])), line[..64]);
        }

        var manifest = Asking.Parse(Encoding.UTF8.GetString(files["manifest.json"])).GetProperty("job");
        Assert.Equal("minilm-sst2", manifest.GetProperty("request").GetProperty("model").GetString());
        Assert.Equal(64, manifest.GetProperty("model_sha256")[0].GetString()!.Length);
        Assert.Equal(
            Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(AskingForJobs.Sentences(20)))),
            manifest.GetProperty("input").GetProperty("sha256").GetString()
        );
        Assert.Equal(20, Encoding.UTF8.GetString(files["results.ndjson"]).Count(character => character == '\n'));
    }

    [Fact]
    public async Task A_report_stands_alone_and_shows_texts_as_texts()
    {
        var id = await RunAsync(
            "{\"text\": \"<script>alert(1)</script> a dull film\", \"label\": \"positive\"}\n" + AskingForJobs.Sentences(12)
        );
        using var answer = await service.Client.GetAsync(new Uri($"/jobs/{id}/report", UriKind.Relative));
        var page = await answer.Content.ReadAsStringAsync();

        Assert.Equal("text/html", answer.Content.Headers.ContentType!.MediaType);
        Assert.DoesNotContain("<script", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotMatch("(src|href)=|url\\(|@import", page);
        Assert.Contains("Most confident and wrong", page, StringComparison.Ordinal);
        Assert.Contains("&lt;", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_report_shows_what_would_change_its_cases_every_score_of_its_words_and_how_far_they_can_be_trusted()
    {
        var id = await service.RunJobAsync(new { kind = "explain", request = new { endpoint = "/occlusion", quality = "basic" } }, 14);
        var page = await service.Client.GetStringAsync(new Uri($"/jobs/{id}/report", UriKind.Relative));
        var asked = await service.Client.GetStringAsync(new Uri($"/jobs/{id}/report", UriKind.Relative));

        Assert.Equal(page, asked);
        Assert.Contains("Scores of words, a point each", page, StringComparison.Ordinal);
        Assert.Contains("How faithful the explanations are", page, StringComparison.Ordinal);
        Assert.Contains("Shortcuts", page, StringComparison.Ordinal);
        // Each counterfactual is one: the text without what is struck out is of the label that the report says.
        var changes = CounterfactualOfCase().Matches(page);
        Assert.NotEmpty(changes);
        foreach (Match change in changes.Take(3))
        {
            var text = WebUtility.HtmlDecode(Struck().Replace(change.Groups["text"].Value, ""));
            var answer = await service.AskAsync("/predict", new { text });
            Assert.Equal(change.Groups["label"].Value, answer.GetProperty("prediction").GetProperty("label").GetString());
        }
    }

    [GeneratedRegex("<p class=\"change\">(?<text>(?:(?!</p>).)*) → (?<label>\\w+) \\(0\\.[0-9]+\\)</p>")]
    private static partial Regex CounterfactualOfCase();

    [GeneratedRegex("<del>.*?</del>")]
    private static partial Regex Struck();

    [Fact]
    public async Task Evidence_is_of_a_job_that_has_ended()
    {
        var posted = await service.Client.PostFileAsync(
            new { kind = "explain", request = new { endpoint = "/occlusion" } },
            AskingForJobs.Sentences(96),
            "a.ndjson"
        );
        using var early = await service.Client.GetAsync(new Uri($"/jobs/{posted.Id()}/evidence", UriKind.Relative));
        await service.Client.ChangeAsync(posted.Id(), "cancel");

        Assert.Equal(409, (int)early.StatusCode);
    }

    private async Task<string> RunAsync(string file)
    {
        var id = (
            await service.Client.PostFileAsync(
                new
                {
                    kind = "explain",
                    request = new { endpoint = "/occlusion" },
                    report = true,
                },
                file,
                "a.ndjson"
            )
        ).Id();
        await service.Client.WhenAsync(id, "succeeded");
        return id;
    }

    private Task<byte[]> EvidenceAsync(string id) => service.Client.GetByteArrayAsync(new Uri($"/jobs/{id}/evidence", UriKind.Relative));

    private static byte[] Read(ZipArchiveEntry entry)
    {
        using var stream = entry.Open();
        using var content = new MemoryStream();
        stream.CopyTo(content);
        return content.ToArray();
    }
}
