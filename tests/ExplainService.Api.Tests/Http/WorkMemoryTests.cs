using System.Text.Json.Nodes;
using ExplainService.Api.Limits;
using ExplainService.Api.Tests.Fakes;
using ExplainService.Methods.Contracts;
using ExplainService.Methods.Predictions;
using ExplainService.Runtime;
using ExplainService.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace ExplainService.Api.Tests.Http;

/// <summary>What requests in work hold together is bounded: those that would not fit are told so before they take anything.</summary>
public sealed class WorkMemoryTests
{
    private static readonly (string, string) OneMegabyte = ("Limits:WorkMegabytes", "1");

    /// <summary>More than half of the megabyte by estimate.</summary>
    private static readonly string Large = $$"""{"text": "{{new string('a', 8_000)}}"}""";

    [Fact]
    public async Task A_large_request_beside_a_large_one_is_a_429_and_a_small_one_is_let_in()
    {
        await using var service = new FakeService(settings: OneMegabyte);
        var (started, finish) = (new TaskCompletionSource(), new TaskCompletionSource());
        service.Explainer.Answer = async (request, _, _) =>
        {
            if (((TextRequest)request).Text.Length > 1_000)
            {
                started.TrySetResult();
                await finish.Task;
            }

            return FakeExplainer.Echo(request);
        };
        var first = service.PostAsync("/predict", Large);
        await started.Task;

        using var second = await service.PostAsync("/predict", Large);
        using var small = await service.PostAsync("/predict", """{"text": "a"}""");

        await second.ProblemAsync(429);
        Assert.NotNull(second.Headers.RetryAfter);
        Assert.Equal(200, (int)small.StatusCode);
        finish.SetResult();
        Assert.Equal(200, (int)(await first).StatusCode);
        using var again = await service.PostAsync("/predict", Large);
        Assert.Equal(200, (int)again.StatusCode);
        await ReturnedAsync(service);
    }

    [Fact]
    public async Task A_request_larger_than_all_is_answered_alone()
    {
        await using var service = new FakeService(settings: OneMegabyte);

        using var response = await service.PostAsync("/predict", $$"""{"text": "{{new string('a', 100_000)}}"}""");

        Assert.Equal(200, (int)response.StatusCode);
        await ReturnedAsync(service);
    }

    [Fact]
    public async Task Lines_that_would_not_fit_together_wait_for_their_turn()
    {
        await using var service = new FakeService(settings: OneMegabyte);
        var (running, most) = (0, 0);
        service.Explainer.Answer = async (request, work, cancellationToken) =>
        {
            // As a method does that knows from the text how large its answer will be.
            await work.HoldingAsync(600 << 10, cancellationToken);
            var now = Interlocked.Increment(ref running);
            most = Math.Max(most, now);
            await Task.Yield();
            Interlocked.Decrement(ref running);
            return FakeExplainer.Echo(request);
        };

        var lines = string.Concat(Enumerable.Range(0, 12).Select(line => $$"""{"text": "{{line}}"}""" + "\n"));
        using var response = await service.PostAsync("/predict", lines, "application/x-ndjson");

        var answers = (await response.Content.ReadAsStringAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(
            Enumerable.Range(0, 12).Select(line => $"{line}"),
            answers.Select(answer => (string?)JsonNode.Parse(answer)!["units"]![0]!["text"])
        );
        Assert.Equal(1, most);
        await ReturnedAsync(service);
    }

    /// <summary>About 100 kB each: the answers to a peer's texts are held together until all are there.</summary>
    [Fact]
    public async Task A_peers_request_whose_answers_would_fill_the_memory_is_refused_before_all_are_made()
    {
        await using var service = new FakeService(settings: OneMegabyte);
        var (made, most) = (0, 0L);
        service.Explainer.Answer = (_, _, _) =>
        {
            Interlocked.Increment(ref made);
            most = Math.Max(most, service.Services.GetRequiredService<WorkMemory>().Used);
            return Task.FromResult<Explanation>(new PredictAnswer { Model = FakeModels.Good, TokenProbabilities = [.. Likely(100, 4)] });
        };
        var prompts = string.Join(',', Enumerable.Repeat("\"a\"", 1000));

        using var response = await service.PostAsync(
            "/v1/completions",
            $$"""{"model": "{{FakeModels.Good}}", "prompt": [{{prompts}}], "max_tokens": 1, "logprobs": 4}"""
        );

        Assert.Equal(429, (int)response.StatusCode);
        Assert.InRange(made, 2, 60);
        Assert.InRange(most, 100 << 10, 2 << 20);
        await ReturnedAsync(service);
    }

    [Fact]
    public async Task Of_a_part_only_what_is_kept_of_it_is_held_until_the_end()
    {
        var memory = new WorkMemory(1 << 20);
        var stop = TestContext.Current.CancellationToken;
        using (var whole = memory.Open())
        {
            using var part = whole.OpenPart(Task.CompletedTask);
            await part.TakeAsync(900 << 10, stop);
            await part.KeepAsync(1 << 10, stop);
            Assert.Equal(1 << 10, memory.Used);
            await part.KeepAsync(3 << 10, stop);
            Assert.Equal(3 << 10, memory.Used);
        }

        Assert.Equal(0, memory.Used);
    }

    /// <summary>The one that has waited counts none behind it, even one that took much before.</summary>
    [Fact]
    public async Task A_part_that_does_not_fit_beside_others_waits_for_its_turn()
    {
        var memory = new WorkMemory(1 << 20);
        var stop = TestContext.Current.CancellationToken;
        var turns = new[] { new TaskCompletionSource(), new TaskCompletionSource() };
        using var whole = memory.Open(new WorkAccount());
        var first = whole.OpenPart(Task.CompletedTask);
        using var second = whole.OpenPart(turns[0].Task);
        using var third = whole.OpenPart(turns[1].Task);
        await first.TakeAsync(100 << 10, stop);
        await third.TakeAsync(300 << 10, stop);

        var taken = second.TakeAsync(700 << 10, stop);
        Assert.False(taken.IsCompleted);
        await first.KeepAsync(1 << 10, stop);
        turns[0].SetResult();
        await taken;

        Assert.Equal((1 + 300 + 700) << 10, memory.Used);
        first.Dispose();
    }

    [Fact]
    public async Task Memory_that_runs_out_all_the_same_is_a_503()
    {
        await using var service = new FakeService();
        service.Explainer.Answer = (_, _, _) => throw new InvalidOperationException("inner", new InsufficientMemoryException());

        using var response = await service.PostAsync("/predict", """{"text": "a"}""");

        await response.ProblemAsync(503);
        Assert.NotNull(response.Headers.RetryAfter);
    }

    [Fact]
    public void The_budget_is_what_is_set_or_a_part_of_what_NET_may_use()
    {
        Assert.Equal(7 << 20, WorkBytes.Budget(new ServerLimits { WorkMegabytes = 7 }).Limit);
        Assert.Equal(GC.GetGCMemoryInfo(GCKind.Any).TotalAvailableMemoryBytes / 3, WorkBytes.Budget(new ServerLimits()).Limit);
    }

    [Fact]
    public async Task A_text_that_no_picture_shows_is_refused_before_it_is_explained()
    {
        await using var service = new FakeService();

        using var response = await service.PostAsync("/occlusion?format=svg", $$"""{"text": "{{new string('a', 600_000)}}"}""");

        Assert.Contains("400000 characters", (await response.ProblemAsync(422)).Errors!["text"][0], StringComparison.Ordinal);
        Assert.Null(service.Explainer.Last);
    }

    [Theory]
    [InlineData("svg")]
    [InlineData("html")]
    public async Task A_word_that_fills_hundreds_of_lines_is_not_repeated_on_each(string format)
    {
        await using var service = new FakeService();

        using var response = await service.PostAsync("/saliency?format=" + format, $$"""{"text": "{{new string('a', 399_000)}}"}""");

        Assert.Equal(200, (int)response.StatusCode);
        Assert.InRange((await response.Content.ReadAsByteArrayAsync()).Length, 40_000, 2_000_000);
    }

    [Fact]
    public async Task An_answer_of_more_parts_than_a_picture_takes_is_refused()
    {
        await using var service = new FakeService();
        service.Explainer.Answer = (request, _, _) =>
            Task.FromResult(
                FakeExplainer.Echo(request) with
                {
                    Tokens =
                    [
                        .. Enumerable
                            .Range(0, 100_001)
                            .Select(index => new TokenAnswer
                            {
                                Index = index,
                                Id = 1,
                                Token = "a",
                                Text = "a",
                                Start = 0,
                                End = 1,
                                Special = false,
                            }),
                    ],
                }
            );

        using var response = await service.PostAsync("/tokenize?format=html", """{"text": "a"}""");

        Assert.Contains("100000", (await response.ProblemAsync(422)).Detail, StringComparison.Ordinal);
    }

    private static IEnumerable<TokenProbability> Likely(int places, int most) =>
        Enumerable
            .Range(1, places)
            .Select(index => new TokenProbability
            {
                Index = index,
                Token = "a",
                TokenId = 1,
                Text = "a",
                LogProbability = -1,
                Rank = 1,
                Likeliest = [.. Enumerable.Repeat(new LikelyToken("a", 1, "a", -1), most)],
            });

    /// <summary>All that was held has been given back, a moment after its answer was read.</summary>
    private static Task ReturnedAsync(FakeService service) =>
        Patience.UntilAsync(() => service.Services.GetRequiredService<WorkMemory>().Used == 0);
}
