using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using ExplainService.Api.Tests.Fakes;
using ExplainService.Methods.Contracts;
using ExplainService.Runtime;
using ExplainService.Testing;

namespace ExplainService.Api.Tests.Http;

/// <summary>One request a line in, one answer a line out.</summary>
public sealed class StreamTests
{
    private const string Lines = "application/x-ndjson";

    [Fact]
    public async Task Answers_come_in_the_order_of_the_lines()
    {
        await using var service = new FakeService();
        var delays = new Random(5);
        service.Explainer.Answer = async (request, _, cancellationToken) =>
        {
            int delay;
            lock (delays)
            {
                delay = delays.Next(20);
            }

            await Task.Delay(delay, cancellationToken);
            return FakeExplainer.Echo(request);
        };
        var body = string.Join('\n', Enumerable.Range(0, 200).Select(line => $$"""{"text": "{{line}}"}"""));

        using var response = await service.PostAsync("/predict", body, Lines);

        Assert.Equal("application/x-ndjson", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(Enumerable.Range(0, 200).Select(line => $"{line}"), (await AnswersAsync(response)).Select(Text));
    }

    [Fact]
    public async Task A_line_that_fails_answers_its_problem_and_the_stream_goes_on()
    {
        await using var service = new FakeService(settings: ("Limits:MaxBodyBytes", "2000"));
        service.Explainer.Answer = (request, _, _) =>
            ((TextRequest)request).Text switch
            {
                "deadline" => throw new Methods.Contracts.DeadlineExceededException(1),
                "bug" => throw new InvalidOperationException("oops"),
                _ => Task.FromResult(FakeExplainer.Echo(request)),
            };
        string[] lines =
        [
            """{"text": "first"}""",
            "{",
            """{"text": "x", "mehtod": 1}""",
            "",
            "   ",
            """{"text": "deadline"}""",
            """{"text": "bug"}""",
            $$"""{"text": "{{new string('a', 9000)}}"}""",
            "null",
            "{\"text\": \"b\\ud800\"}",
            """{"text": "last"}""",
        ];

        using var response = await service.PostAsync("/predict", string.Join("\r\n", lines), Lines);

        var answers = await AnswersAsync(response);
        Assert.Equal([null, 400, 400, 504, 500, 413, 400, 400, null], answers.Select(answer => (int?)answer["status"]));
        Assert.Equal(["first", "last"], answers.Where(answer => answer["status"] is null).Select(Text));
        Assert.Equal("mehtod", answers[2]["errors"]!.AsObject().Single().Key);
        Assert.All(answers.Where(answer => answer["status"] is not null), problem => Assert.NotNull(problem["trace_id"]));
    }

    [Fact]
    public async Task An_answer_leaves_before_the_next_line_is_sent()
    {
        await using var service = new FakeService();
        // HttpClient reads nothing of a response before it has sent the whole request; a socket does.
        using var socket = new TcpClient();
        await socket.ConnectAsync(service.Client.BaseAddress!.Host, service.Client.BaseAddress.Port);
        using var reader = new StreamReader(socket.GetStream());
        await SendAsync(socket, $"POST /predict HTTP/1.1\r\nHost: test\r\nContent-Type: {Lines}\r\nTransfer-Encoding: chunked\r\n\r\n");

        foreach (var text in (string[])["one", "two", "three"])
        {
            var line = $$"""{"text": "{{text}}"}""" + "\n";
            await SendAsync(socket, FormattableString.Invariant($"{line.Length:x}\r\n{line}\r\n"));

            string? answer;
            do
            {
                answer = await reader.ReadLineAsync().WaitAsync(Patience.Ample);
            } while (answer?.StartsWith('{') != true);

            Assert.Equal(text, Text(JsonNode.Parse(answer)!));
        }
    }

    [Fact]
    public async Task No_more_than_a_window_of_lines_is_worked_on_at_once()
    {
        await using var service = new FakeService(settings: ("Limits:StreamWindow", "4"));
        var (running, most) = (0, 0);
        service.Explainer.Answer = async (request, _, cancellationToken) =>
        {
            var now = Interlocked.Increment(ref running);
            InterlockedMax(ref most, now);
            await Task.Delay(5, cancellationToken);
            Interlocked.Decrement(ref running);
            return FakeExplainer.Echo(request);
        };

        using var response = await service.PostAsync("/predict", string.Concat(Enumerable.Repeat("{\"text\": \"a\"}\n", 60)), Lines);

        Assert.Equal(60, (await AnswersAsync(response)).Count);
        Assert.InRange(most, 2, 5);
    }

    [Fact]
    public async Task A_line_waits_where_the_queue_is_full()
    {
        await using var service = new FakeService();
        var refusals = 3;
        service.Explainer.Answer = (request, work, _) =>
            Interlocked.Decrement(ref refusals) >= 0
                ? throw new ServiceBusyException("the queue is full", TimeSpan.FromMilliseconds(1))
                : Task.FromResult(FakeExplainer.Echo(request) with { Warnings = [work.Priority.ToString()] });

        using var response = await service.PostAsync("/predict", """{"text": "a"}""", Lines);

        var answer = Assert.Single(await AnswersAsync(response));
        Assert.Equal("Batch", (string?)answer["warnings"]![0]);
    }

    [Fact]
    public async Task An_empty_stream_answers_nothing()
    {
        await using var service = new FakeService();

        using var response = await service.PostAsync("/predict", "\n\n", Lines);

        Assert.Equal(200, (int)response.StatusCode);
        Assert.Empty(await AnswersAsync(response));
    }

    private static async Task<List<JsonNode>> AnswersAsync(HttpResponseMessage response) =>
        [
            .. (await response.Content.ReadAsStringAsync())
                .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => JsonNode.Parse(line)!),
        ];

    private static string? Text(JsonNode answer) => (string?)answer["units"]![0]!["text"];

    private static void InterlockedMax(ref int target, int value)
    {
        for (var seen = target; value > seen; )
        {
            seen = Interlocked.CompareExchange(ref target, value, seen);
        }
    }

    private static ValueTask SendAsync(TcpClient socket, string text) => socket.GetStream().WriteAsync(Encoding.ASCII.GetBytes(text));
}
