using System.Text;
using System.Text.Json;
using ExplainService.Goldens;
using ExplainService.Testing;

namespace ExplainService.Api.Tests.Jobs;

/// <summary>The service with the bundled models, and a folder of its own for jobs and their inputs.</summary>
public class JobsService : TestHost
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("explain-jobs-");

    /// <summary>Where <c>input.path</c> may point.</summary>
    public string Inputs => folder.CreateSubdirectory("inputs").FullName;

    /// <summary>Where the database is.</summary>
    public string Jobs => Path.Combine(folder.FullName, "jobs");

    protected override IEnumerable<(string Key, string Value)> Settings =>
        [.. Bundled, ("Jobs:Directory", Jobs), ("Jobs:InputDirectory", Inputs)];

    protected override string TemporaryFolder => folder.FullName;
}

/// <summary>Posting jobs and reading what comes of them.</summary>
internal static class AskingForJobs
{
    /// <summary>Sentences with their labels, each with a name of its own, as lines of NDJSON.</summary>
    public static string Sentences(int count) =>
        string.Concat(
            File.ReadLines(Path.Combine(ReferenceData.Root, "deploy", "data", "sst2.dev.tsv"))
                .Skip(1)
                .Take(count)
                .Select(line => line.Split('\t', 2))
                .Select(
                    (fields, index) =>
                        JsonSerializer.Serialize(
                            new
                            {
                                id = $"s{index}",
                                text = fields[1],
                                label = fields[0] == "1" ? "positive" : "negative",
                            }
                        ) + "\n"
                )
        );

    /// <summary>Posts a job with a file, which must be taken.</summary>
    /// <returns>The job.</returns>
    public static async Task<JsonElement> PostFileAsync(this HttpClient client, object job, string file, string name, string? key = null) =>
        await client.PostFileAsync(job, Encoding.UTF8.GetBytes(file), name, key);

    /// <inheritdoc cref="PostFileAsync(HttpClient, object, string, string, string?)"/>
    public static async Task<JsonElement> PostFileAsync(this HttpClient client, object job, byte[] file, string name, string? key = null)
    {
        var (status, body) = await client.TryPostFileAsync(job, file, name, key);
        Assert.True(status == 202, body.GetRawText());
        return body;
    }

    /// <summary>Posts a job with a file.</summary>
    public static async Task<(int Status, JsonElement Body)> TryPostFileAsync(
        this HttpClient client,
        object job,
        byte[] file,
        string name,
        string? key = null
    )
    {
        using var form = new MultipartFormDataContent();
        using var part = new StringContent(JsonSerializer.Serialize(job), Encoding.UTF8, "application/json");
        using var content = new ByteArrayContent(file);
        form.Add(part, "job");
        form.Add(content, "file", name);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/jobs") { Content = form };
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        using var answer = await client.SendAsync(request);
        return ((int)answer.StatusCode, Asking.Parse(await answer.Content.ReadAsStringAsync()));
    }

    /// <summary>Posts a job as JSON, which must be taken.</summary>
    public static async Task<JsonElement> PostJobAsync(this TestHost service, object job)
    {
        var (status, body) = await service.PostAsync("/jobs", job);
        Assert.True(status == 202, body.GetRawText());
        return body;
    }

    /// <summary>Runs a job over the first sentences to its end.</summary>
    /// <returns>Its id.</returns>
    public static async Task<string> RunJobAsync(this TestHost service, object job, int sentences)
    {
        var id = (await service.Client.PostFileAsync(job, Sentences(sentences), "sentences.ndjson")).Id();
        await service.Client.WhenAsync(id, "succeeded");
        return id;
    }

    /// <summary>What the results of a job say together.</summary>
    public static async Task<JsonElement> SummaryAsync(this HttpClient client, string id, string query = "") =>
        Asking.Parse(await client.GetStringAsync(new Uri($"/jobs/{id}/summary{query}", UriKind.Relative)));

    /// <summary>The texts of the first sentences.</summary>
    public static string[] Texts(int count) =>
        [
            .. Sentences(count)
                .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => Asking.Parse(line).GetProperty("text").GetString()!),
        ];

    /// <summary>A job as it is now.</summary>
    public static async Task<JsonElement> JobAsync(this HttpClient client, string id) =>
        Asking.Parse(await client.GetStringAsync(new Uri("/jobs/" + id, UriKind.Relative)));

    /// <summary>A job once it is in a state.</summary>
    public static Task<JsonElement> WhenAsync(this HttpClient client, string id, string state) =>
        client.WhenAsync(id, job => job.GetProperty("state").GetString() == state);

    /// <summary>A job once something is so.</summary>
    public static async Task<JsonElement> WhenAsync(this HttpClient client, string id, Func<JsonElement, bool> condition)
    {
        JsonElement job = default;
        await Patience.UntilAsync(
            async () =>
            {
                job = await client.JobAsync(id);
                return condition(job);
            },
            () => job.GetRawText()
        );
        return job;
    }

    /// <summary>The results so far, one element a line.</summary>
    public static async Task<JsonElement[]> ResultsAsync(this HttpClient client, string id, long after = 0)
    {
        var lines = await client.GetStringAsync(
            new Uri(FormattableString.Invariant($"/jobs/{id}/results?after={after}"), UriKind.Relative)
        );
        return [.. lines.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Asking.Parse)];
    }

    /// <summary>Changes a job's state by one of its verbs.</summary>
    public static async Task<(int Status, JsonElement Body)> ChangeAsync(this HttpClient client, string id, string verb)
    {
        using var answer = await client.PostAsync(new Uri($"/jobs/{id}/{verb}", UriKind.Relative), null);
        return ((int)answer.StatusCode, Asking.Parse(await answer.Content.ReadAsStringAsync()));
    }

    public static string Id(this JsonElement job) => job.GetProperty("id").GetString()!;

    public static long Progress(this JsonElement job, string field) => job.GetProperty("progress").GetProperty(field).GetInt64();
}
