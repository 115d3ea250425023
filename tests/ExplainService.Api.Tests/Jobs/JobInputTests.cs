using System.IO.Compression;
using System.Text;
using System.Text.Json;

namespace ExplainService.Api.Tests.Jobs;

/// <summary>What a job can read, and what it refuses to.</summary>
public sealed class JobInputTests(JobsService service) : IClassFixture<JobsService>
{
    [Fact]
    public async Task Comma_separated_values_are_read_as_RFC_4180_writes_them()
    {
        const string File = "id,body,stars\r\n7,\"good, \"\"really\"\"\nfine\",1\r\n8,bad,0,extra\r\n9,dull,0\r\n";
        var posted = await service.Client.PostFileAsync(
            new
            {
                kind = "explain",
                columns = new { text = "body", label = "stars" },
                request = new { endpoint = "/occlusion" },
            },
            File,
            "reviews.csv"
        );
        var results = await ResultsAsync(posted);

        Assert.Equal(["7", "2", "9"], results.Select(line => line.GetProperty("id").ToString()));
        Assert.Equal("1", results[0].GetProperty("label").GetString());
        Assert.Contains("really", Units(results[0]));
        Assert.Contains("4 fields; the header has 3", results[1].GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tab_separated_values_know_no_quotation_marks()
    {
        await File.WriteAllTextAsync(Path.Combine(service.Inputs, "reviews.tsv"), "text\tlabel\n\"good\tpositive\nbad\tnegative\n");
        var posted = await service.PostJobAsync(
            new
            {
                kind = "explain",
                input = new { path = "reviews.tsv" },
                request = new { endpoint = "/occlusion" },
            }
        );
        var results = await ResultsAsync(posted);

        Assert.Equal(["positive", "negative"], results.Select(line => line.GetProperty("label").GetString()));
    }

    [Fact]
    public async Task Lines_that_are_wrong_are_problems_with_their_numbers_and_the_rest_goes_on()
    {
        var lines = "{\"id\": 5, \"text\": \"good\"}\n{\"text\": 3}\n\nnot json\n[1]\n{\"id\": \"x\", \"text\": \"fine\"}"u8.ToArray();
        var posted = await service.Client.PostFileAsync(
            new { kind = "predict" },
            [.. lines, .. "\n{\"text\": \""u8, 0xFF, .. "\"}"u8],
            "a.jsonl"
        );
        var results = await ResultsAsync(posted);

        Assert.Equal(["5", "2", "3", "4", "x", "6"], results.Select(line => line.GetProperty("id").ToString()));
        Assert.Equal(
            [false, true, true, true, false, true],
            results.Select(line => line.TryGetProperty("status", out var status) && status.GetInt32() == 400)
        );
    }

    [Fact]
    public async Task Gzip_is_known_by_its_bytes()
    {
        using var packed = new MemoryStream();
        await using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            await gzip.WriteAsync("{\"text\": \"good\"}\n"u8.ToArray());
        }

        var posted = await service.Client.PostFileAsync(new { kind = "predict" }, packed.ToArray(), "a.ndjson.gz");

        Assert.Single(await ResultsAsync(posted));
    }

    [Fact]
    public async Task Zstandard_is_known_by_its_bytes_and_what_is_broken_is_refused()
    {
        var line = "{\"text\": \"good\"}\n"u8;
        // A frame of one raw block (RFC 8878, 3.1.1).
        byte[] frame = [0x28, 0xB5, 0x2F, 0xFD, 0x20, (byte)line.Length, (byte)((line.Length << 3) | 1), 0, 0, .. line];
        var posted = await service.Client.PostFileAsync(new { kind = "predict" }, frame, "a.ndjson.zst");
        var (status, _) = await service.Client.TryPostFileAsync(new { kind = "predict" }, frame[..12], "a.ndjson.zst");
        var (gzip, _) = await service.Client.TryPostFileAsync(
            new { kind = "predict" },
            [0x1F, 0x8B, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9],
            "a.ndjson.gz"
        );

        Assert.Single(await ResultsAsync(posted));
        Assert.Equal((422, 422), (status, gzip));
    }

    [Fact]
    public async Task Results_are_tables_too_and_a_table_can_be_read_again()
    {
        var posted = await service.Client.PostFileAsync(
            new { kind = "predict", output = new { format = "csv" } },
            "{\"id\": \"a\", \"text\": \"good\", \"label\": \"positive\"}\n{\"id\": \"b\"}\n",
            "a.ndjson"
        );
        await ResultsAsync(posted, "?format=ndjson");
        var results = $"/jobs/{posted.Id()}/results";
        var csv = await service.Client.GetStringAsync(new Uri(results, UriKind.Relative));
        var parquet = await service.Client.GetByteArrayAsync(new Uri(results + "?format=parquet", UriKind.Relative));

        Assert.StartsWith("row,id,label,prediction,probability,", csv, StringComparison.Ordinal);
        Assert.Contains("\r\n1,a,positive,positive,0.9", csv, StringComparison.Ordinal);
        Assert.Contains("\r\n2,b,,,,,400,", csv, StringComparison.Ordinal);
        var again = await service.Client.PostFileAsync(
            new
            {
                kind = "predict",
                columns = new
                {
                    text = "prediction",
                    label = "label",
                    id = "row",
                },
            },
            parquet,
            "results.parquet"
        );
        var lines = await ResultsAsync(again);
        Assert.Equal([1, 2], lines.Select(line => line.GetProperty("id").GetInt32()));
        Assert.Equal("positive", lines[0].GetProperty("label").GetString());
        Assert.Equal(400, lines[1].GetProperty("status").GetInt32());
    }

    [Fact]
    public async Task A_path_leads_nowhere_but_into_the_folder_of_inputs()
    {
        var outside = Path.Combine(service.Inputs, "..", "secret.ndjson");
        await File.WriteAllTextAsync(outside, "{\"text\": \"secret\"}\n");
        File.CreateSymbolicLink(Path.Combine(service.Inputs, "link.ndjson"), Path.GetFullPath(outside));
        Directory.CreateSymbolicLink(Path.Combine(service.Inputs, "folder"), Path.GetFullPath(Path.Combine(service.Inputs, "..")));
        string[] paths =
        [
            "../secret.ndjson",
            "link.ndjson",
            "folder/secret.ndjson",
            Path.GetFullPath(outside),
            "/dev/zero",
            "missing.csv",
            ".",
        ];

        foreach (var path in paths)
        {
            Assert.Equal(["input.path"], await service.RefusedFieldsAsync("/jobs", new { kind = "predict", input = new { path } }));
        }
    }

    [Theory]
    [InlineData("a.ndjson", "\n \n", "input")]
    [InlineData("a.csv", "", "input")]
    [InlineData("a.csv", "body\ngood\n", "columns.text")]
    [InlineData("a.doc", "good", "input.format")]
    [InlineData("a.parquet", "PAR1", null)]
    public async Task An_input_without_rows_text_or_format_is_refused(string name, string content, string? field)
    {
        var key = Guid.NewGuid().ToString();
        var (status, body) = await service.Client.TryPostFileAsync(new { kind = "predict" }, Encoding.UTF8.GetBytes(content), name, key);

        Assert.Equal(422, status);
        Assert.True(field is null || body.GetProperty("errors").TryGetProperty(field, out _), body.GetRawText());

        // Nothing is left of it: its key is free.
        await service.Client.PostFileAsync(new { kind = "predict" }, """{"text": "good"}""", "a.ndjson", key);
    }

    [Theory]
    [InlineData("importance")]
    [InlineData("surrogate")]
    public async Task A_kind_that_needs_every_label_refuses_to_have_some_left_out(string kind)
    {
        var (status, body) = await service.Client.TryPostFileAsync(
            new { kind, request = new { top_k = 1 } },
            Encoding.UTF8.GetBytes(AskingForJobs.Sentences(2)),
            "sentences.ndjson"
        );

        Assert.Equal(400, status);
        Assert.True(body.GetProperty("errors").TryGetProperty("request.top_k", out _), body.GetRawText());
    }

    [Fact]
    public async Task Where_labels_are_left_out_no_performance_is_told()
    {
        var posted = await service.Client.PostFileAsync(
            new
            {
                kind = "predict",
                columns = new { label = "label" },
                request = new { top_k = 1 },
            },
            AskingForJobs.Sentences(20),
            "sentences.ndjson"
        );
        await ResultsAsync(posted);
        var summary = await service.Client.GetStringAsync(new Uri($"/jobs/{posted.Id()}/summary", UriKind.Relative));

        Assert.False(Asking.Parse(summary).TryGetProperty("performance", out _), summary);
        Assert.Contains("top_k leaves labels out", summary, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_feature_that_is_named_twice_is_one()
    {
        var posted = await service.Client.PostFileAsync(
            new { kind = "importance", request = new { features = new[] { "good", "Good" }, draws = 0 } },
            """{"text": "a good film"}""" + "\n",
            "sentences.ndjson"
        );

        var line = Assert.Single(await ResultsAsync(posted));
        Assert.Equal("good", Assert.Single(line.GetProperty("features").EnumerateArray()).GetProperty("feature").GetString());
    }

    private async Task<JsonElement[]> ResultsAsync(JsonElement posted, string query = "")
    {
        await service.Client.WhenAsync(posted.Id(), "succeeded");
        var lines = await service.Client.GetStringAsync(new Uri($"/jobs/{posted.Id()}/results{query}", UriKind.Relative));
        return [.. lines.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Asking.Parse)];
    }

    private static IEnumerable<string?> Units(JsonElement answer) =>
        answer.GetProperty("units").EnumerateArray().Select(unit => unit.GetProperty("text").GetString());
}
