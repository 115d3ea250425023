using System.IO.Pipelines;
using System.Text;
using System.Text.Json.Nodes;
using ExplainService.Api.Tests.Fakes;
using ExplainService.Methods.Contracts;
using ExplainService.Methods.Pipeline;
using ExplainService.Methods.Predictions;
using ExplainService.Protocol.Lines;
using ExplainService.Runtime;
using ExplainService.Testing;
using Microsoft.Extensions.Time.Testing;

namespace ExplainService.Api.Tests.Http;

/// <summary>The line loop by itself, without HTTP.</summary>
public sealed class LineLoopTests
{
    private const int Lines = 50;

    [Theory]
    [InlineData(1)]
    [InlineData(40)]
    [InlineData(1 << 20)]
    public async Task Every_line_is_answered_in_order_however_little_is_read_ahead(int readAhead)
    {
        var answers = await AnswersAsync(
            readAhead,
            string.Concat(Enumerable.Range(0, Lines).Select(line => $$"""{"text": "{{line}}"}""" + "\n")),
            async (request, clock) =>
            {
                await Task.Delay(1, clock.Stop);
                return FakeExplainer.Echo(request);
            }
        );

        Assert.Equal(Enumerable.Range(0, Lines).Select(line => $"{line}"), answers.Select(answer => (string?)answer["units"]![0]!["text"]));
    }

    [Fact]
    public async Task The_bytes_of_a_line_that_fails_are_given_back_too()
    {
        var answers = await AnswersAsync(
            readAhead: 1,
            "{\n{\"text\": 1}\n" + """{"text": "a"}""",
            (_, _) => throw new ModelNotFoundException("There is no model.")
        );

        Assert.Equal([400, 400, 404], answers.Select(answer => (int)answer["status"]!));
    }

    /// <summary>Every second some bytes; the limit is a minute, or a line at a hundred bytes a second.</summary>
    [Theory]
    [InlineData("", 1, true)]
    [InlineData("\n", 1, true)]
    [InlineData(" \r\n", 20, true)]
    [InlineData("a", 1, true)]
    [InlineData("a", 200, false)]
    [InlineData("{}\n", 1, false)]
    public async Task A_stream_that_nothing_comes_of_ends_with_a_line_that_says_so(string bytes, int times, bool ends)
    {
        using var left = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        using var clock = new RequestClock(left.Token, CancellationToken.None);
        var time = new FakeTimeProvider();
        var (requests, answers) = (new Pipe(), new Pipe());
        var written = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(bytes, times)));
        var run = new LineLoop(Limits(1 << 16), time).RunAsync(
            typeof(PredictRequest),
            requests.Reader,
            answers.Writer,
            new Answerer((_, _) => throw new ModelNotFoundException("There is no model.")),
            clock
        );

        for (var second = 0; second < 200 && !run.IsCompleted; second++)
        {
            await requests.Writer.WriteAsync(written, CancellationToken.None);
            // Whatever the loop does with them it has done before the clock moves.
            await Task.Delay(5, CancellationToken.None);
            time.Advance(TimeSpan.FromSeconds(1));
        }

        if (!ends)
        {
            Assert.False(run.IsCompleted);
            await left.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
            return;
        }

        await run.WaitAsync(Patience.Ample);
        await answers.Writer.CompleteAsync();
        using var reader = new StreamReader(answers.Reader.AsStream());
        var last = JsonNode.Parse((await reader.ReadToEndAsync(TestContext.Current.CancellationToken)).Trim())!;
        Assert.Equal(408, (int)last["status"]!);
        Assert.Equal("No line came for 60 s; the stream ends here.", (string?)last["detail"]);
    }

    [Fact]
    public async Task A_client_that_waits_for_an_answer_is_not_idle()
    {
        using var clock = new RequestClock(TestContext.Current.CancellationToken, CancellationToken.None);
        var time = new FakeTimeProvider();
        var (requests, answers) = (new Pipe(), new Pipe());
        var (asked, answer) = (new TaskCompletionSource(), new TaskCompletionSource());
        var run = new LineLoop(Limits(1 << 16), time).RunAsync(
            typeof(PredictRequest),
            requests.Reader,
            answers.Writer,
            new Answerer(
                async (request, _) =>
                {
                    asked.SetResult();
                    await answer.Task;
                    return FakeExplainer.Echo(request);
                }
            ),
            clock
        );
        await requests.Writer.WriteAsync("{\"text\": \"a\"}\n"u8.ToArray(), CancellationToken.None);
        await asked.Task.WaitAsync(Patience.Ample);

        time.Advance(TimeSpan.FromHours(1));
        answer.SetResult();
        using var reader = new StreamReader(answers.Reader.AsStream());
        Assert.Contains("\"a\"", await reader.ReadLineAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        await requests.Writer.CompleteAsync();
        await run.WaitAsync(Patience.Ample);
    }

    private static LineLimits Limits(int readAhead) =>
        new(1 << 16, Window: 4, readAhead, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(60), MinBytesPerSecond: 100);

    private static async Task<IReadOnlyList<JsonNode>> AnswersAsync(
        int readAhead,
        string lines,
        Func<ExplainRequest, RequestClock, Task<Explanation>> answer
    )
    {
        using var clock = new RequestClock(TestContext.Current.CancellationToken, CancellationToken.None);
        var loop = new LineLoop(Limits(readAhead), new FakeTimeProvider());
        var (requests, answers) = (PipeReader.Create(new MemoryStream(Encoding.UTF8.GetBytes(lines))), new MemoryStream());

        var writer = PipeWriter.Create(answers);
        await loop.RunAsync(typeof(PredictRequest), requests, writer, new Answerer(answer), clock).WaitAsync(Patience.Ample);
        await writer.CompleteAsync();

        return
        [
            .. Encoding
                .UTF8.GetString(answers.ToArray())
                .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => JsonNode.Parse(line)!),
        ];
    }

    private sealed class Answerer(Func<ExplainRequest, RequestClock, Task<Explanation>> answer) : ILineAnswerer
    {
        public Task<Explanation> AnswerAsync(ExplainRequest request, LineWork line, RequestClock clock) => answer(request, clock);

        public void Answered(LineWork line, Exception? failure) { }
    }
}
