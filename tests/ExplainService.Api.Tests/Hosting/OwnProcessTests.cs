using System.Text;
using System.Text.Json;
using ExplainService.Api.Tests.Fakes;
using ExplainService.Testing;

namespace ExplainService.Api.Tests.Hosting;

/// <summary>What only a process of its own shows.</summary>
public sealed class OwnProcessTests
{
    private const int Posts = 24;

    [Fact]
    public async Task A_pipe_that_nobody_reads_holds_neither_answers_nor_the_end()
    {
        // Lines at every level of every request: much more than a pipe holds.
        await using var service = await RunningService.StartAsync(("Serilog__MinimumLevel__Default", "Verbose"));
        await Parallel.ForAsync(
            0,
            400,
            async (_, cancellation) =>
            {
                using var answer = await service.Client.GetAsync(new Uri("/models", UriKind.Relative), cancellation);
                Assert.Equal(200, (int)answer.StatusCode);
            }
        );

        Assert.Equal(0, await service.TerminateAsync());
    }

    /// <summary>Under the memory of a small pod, requests that would not fit together are told to come back, and none brings the service down.</summary>
    [Fact]
    public async Task Memory_that_requests_would_not_have_together_is_never_a_fault_of_the_service()
    {
        await using var service = await RunningService.StartAsync(("DOTNET_GCHeapHardLimit", "0x30000000"));
        var text = JsonSerializer.Serialize(string.Concat(Enumerable.Repeat("a gripping film ", 120_000)));
        var maps = string.Concat(Enumerable.Repeat($$"""{"text": {{JsonSerializer.Serialize(Words(500))}}}""" + "\n", 6));

        var statuses = await Task.WhenAll(
            Enumerable
                .Range(0, Posts)
                .Select(async index =>
                    index % 8 == 0
                        ? await PostAsync(service, "/attention", maps, "application/x-ndjson")
                        : await PostAsync(
                            service,
                            index % 2 == 0 ? "/predict" : "/tokenize",
                            $$"""{"text": {{text}}}""",
                            "application/json"
                        )
                )
        );

        // A text over the model's limit is 422, of /tokenize 200; who comes too early is told when to come again.
        Assert.All(statuses, status => Assert.Contains(status, new[] { 200, 422, 429, 503 }));
        await Patience.UntilAsync(async () => await PostAsync(service, "/predict", """{"text": "a"}""", "application/json") == 200);
        Assert.Equal(0, await service.TerminateAsync());
    }

    private static string Words(int count) => string.Join(' ', Enumerable.Repeat("film", count));

    private static async Task<int> PostAsync(RunningService service, string path, string body, string type)
    {
        using var content = new StringContent(body, Encoding.UTF8, type);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(path, UriKind.Relative)) { Content = content };
        using var answer = await service.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        var status = (int)answer.StatusCode;
        await using var stream = await answer.Content.ReadAsStreamAsync();
        if (type == "application/x-ndjson")
        {
            // Lines of a hundred megabytes in all: what is no answer is a problem, whose status stands near its beginning.
            await foreach (var line in LineStartsAsync(stream))
            {
                Assert.DoesNotContain("\"status\":500", line, StringComparison.Ordinal);
            }

            return status;
        }

        await stream.CopyToAsync(Stream.Null);
        Assert.True(status is not (429 or 503) || answer.Headers.RetryAfter is not null);
        return status;
    }

    private static async IAsyncEnumerable<string> LineStartsAsync(Stream stream)
    {
        const int Most = 400;
        var buffer = new byte[1 << 16];
        var line = new StringBuilder();
        for (int read; (read = await stream.ReadAsync(buffer)) > 0; )
        {
            for (var i = 0; i < read; i++)
            {
                if (buffer[i] == '\n')
                {
                    yield return line.ToString();
                    line.Clear();
                }
                else if (line.Length < Most)
                {
                    line.Append((char)buffer[i]);
                }
            }
        }
    }
}
