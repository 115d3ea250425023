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
            "{\n{}\n" + """{"text": "a"}""",
            (_, _) => throw new ModelNotFoundException("There is no model.")
        );

        Assert.Equal([400, 400, 404], answers.Select(answer => (int)answer["status"]!));
    }

    private static async Task<IReadOnlyList<JsonNode>> AnswersAsync(
        int readAhead,
        string lines,
        Func<ExplainRequest, RequestClock, Task<Explanation>> answer
    )
    {
        using var clock = new RequestClock(TestContext.Current.CancellationToken, CancellationToken.None);
        var loop = new LineLoop(new LineLimits(1 << 16, Window: 4, readAhead, TimeSpan.FromSeconds(1)), new FakeTimeProvider());
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
