using System.Text.Json;

namespace ExplainService.Api.Tests.Jobs;

/// <summary>A job from its posting to its removal.</summary>
public sealed class JobTests(JobsService service) : IClassFixture<JobsService>
{
    [Fact]
    public async Task Results_are_what_the_endpoint_answers_in_the_order_of_the_rows()
    {
        var posted = await service.Client.PostFileAsync(
            new { kind = "explain", request = new { endpoint = "/occlusion", model = "minilm-sst2" } },
            AskingForJobs.Sentences(40),
            "sentences.ndjson"
        );
        var job = await service.Client.WhenAsync(posted.Id(), "succeeded");

        Assert.Equal((40, 40, 0, 0), (job.Progress("rows"), job.Progress("done"), job.Progress("skipped"), job.Progress("failed")));
        Assert.Equal(0, job.GetProperty("progress").GetProperty("seconds_left").GetDouble());
        var results = await service.Client.ResultsAsync(posted.Id());
        Assert.Equal(Enumerable.Range(1, 40), results.Select(line => line.GetProperty("row").GetInt32()));
        Assert.Equal(Enumerable.Range(0, 40).Select(index => $"s{index}"), results.Select(line => line.GetProperty("id").GetString()));
        var text = Asking.Parse(AskingForJobs.Sentences(8).Split('\n')[7]).GetProperty("text").GetString();
        var alone = await service.AskAsync("/occlusion", new { text });
        Assert.Equal(Scores(alone), Scores(results[7]), (one, other) => Math.Abs(one - other) <= 2e-5);
    }

    [Fact]
    public async Task Results_after_a_row_go_on_behind_it()
    {
        var posted = await service.PostJobAsync(new { kind = "predict", input = new { texts = new[] { "one", "two", "three" } } });
        await service.Client.WhenAsync(posted.Id(), "succeeded");

        var results = await service.Client.ResultsAsync(posted.Id(), after: 1);

        Assert.Equal([2, 3], results.Select(line => line.GetProperty("row").GetInt32()));
    }

    [Fact]
    public async Task A_row_that_cannot_be_answered_has_its_problem_as_its_result()
    {
        var posted = await service.PostJobAsync(
            new { kind = "predict", input = new { texts = new[] { "good", string.Join(' ', Enumerable.Repeat("long", 600)), "bad" } } }
        );
        var job = await service.Client.WhenAsync(posted.Id(), "succeeded");

        var results = await service.Client.ResultsAsync(posted.Id());
        Assert.Equal(1, job.Progress("failed"));
        Assert.Equal(422, results[1].GetProperty("status").GetInt32());
        Assert.True(results[2].TryGetProperty("prediction", out _));
    }

    [Fact]
    public async Task Rows_that_only_if_leaves_out_are_skipped_and_have_no_result()
    {
        var posted = await service.Client.PostFileAsync(
            new
            {
                kind = "explain",
                request = new { endpoint = "/occlusion" },
                only_if = new { label = "negative", wrong = false },
            },
            AskingForJobs.Sentences(30),
            "sentences.ndjson"
        );
        var job = await service.Client.WhenAsync(posted.Id(), "succeeded");

        var results = await service.Client.ResultsAsync(posted.Id());
        Assert.NotEmpty(results);
        Assert.Equal(30, job.Progress("skipped") + results.Length);
        Assert.All(results, line => Assert.Equal("negative", line.GetProperty("prediction").GetProperty("label").GetString()));
        Assert.All(results, line => Assert.Equal("negative", line.GetProperty("label").GetString()));
    }

    [Fact]
    public async Task The_same_idempotency_key_is_the_same_job_and_never_another()
    {
        var job = new { kind = "predict" };
        var first = await service.Client.PostFileAsync(job, "{\"text\": \"fine\"}\n", "one.ndjson", "key-1");
        var again = await service.Client.PostFileAsync(job, "{\"text\": \"fine\"}\n", "one.ndjson", "key-1");
        var (status, _) = await service.Client.TryPostFileAsync(job, "{\"text\": \"other\"}\n"u8.ToArray(), "one.ndjson", "key-1");

        Assert.Equal(first.Id(), again.Id());
        Assert.Equal(422, status);
    }

    [Fact]
    public async Task Jobs_are_listed_newest_first_and_page_by_page()
    {
        var ids = new List<string>();
        for (var number = 0; number < 3; number++)
        {
            ids.Add((await service.PostJobAsync(new { kind = "predict", input = new { texts = new[] { "text" } } })).Id());
        }

        var page = Asking.Parse(await service.Client.GetStringAsync(new Uri("/jobs?limit=2", UriKind.Relative)));
        var next = Asking.Parse(
            await service.Client.GetStringAsync(new Uri("/jobs?limit=1&after=" + page.GetProperty("after").GetString(), UriKind.Relative))
        );

        Assert.Equal([ids[2], ids[1]], page.GetProperty("jobs").EnumerateArray().Select(AskingForJobs.Id));
        Assert.Equal([ids[0]], next.GetProperty("jobs").EnumerateArray().Select(AskingForJobs.Id));
    }

    [Fact]
    public async Task A_removed_job_is_gone_with_its_results()
    {
        var posted = await service.PostJobAsync(new { kind = "predict", input = new { texts = new[] { "text" } } });
        await service.Client.WhenAsync(posted.Id(), "succeeded");

        using var removed = await service.Client.DeleteAsync(new Uri("/jobs/" + posted.Id(), UriKind.Relative));
        using var job = await service.Client.GetAsync(new Uri("/jobs/" + posted.Id(), UriKind.Relative));
        using var results = await service.Client.GetAsync(new Uri($"/jobs/{posted.Id()}/results", UriKind.Relative));

        Assert.Equal([204, 404, 404], new[] { removed, job, results }.Select(answer => (int)answer.StatusCode));
    }

    [Theory]
    [InlineData("""{"kind": "miracle", "input": {"texts": ["a"]}}""", 400, "kind")]
    [InlineData("""{"kind": "predict"}""", 400, "input")]
    [InlineData("""{"kind": "predict", "input": {"texts": []}}""", 400, "input.texts")]
    [InlineData("""{"kind": "predict", "inputs": {"texts": ["a"]}}""", 400, "inputs")]
    [InlineData("""{"kind": "explain", "input": {"texts": ["a"]}}""", 400, "request.endpoint")]
    [InlineData("""{"kind": "explain", "input": {"texts": ["a"]}, "request": {"endpoint": "/shap", "text": "b"}}""", 400, "request.text")]
    [InlineData(
        """{"kind": "explain", "input": {"texts": ["a"]}, "request": {"endpoint": "/lime", "samples": 0}}""",
        400,
        "request.samples"
    )]
    [InlineData(
        """{"kind": "predict", "input": {"texts": ["a"]}, "only_if": {"probability_below": 2}}""",
        400,
        "only_if.probability_below"
    )]
    [InlineData("""{"kind": "predict", "input": {"texts": ["a"]}, "request": {"model": "nobody"}}""", 404, "model")]
    public async Task A_job_that_cannot_be_is_refused_by_field(string job, int status, string field) =>
        Assert.Contains(field, await service.RefusedFieldsAsync("/jobs", job, status));

    private static double[] Scores(JsonElement answer) =>
        [.. answer.GetProperty("units").EnumerateArray().Select(unit => unit.GetProperty("score").GetDouble())];
}
