using ExplainService.Api.Tests.Fakes;
using ExplainService.Methods.Contracts;
using ExplainService.Runtime;
using ExplainService.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace ExplainService.Api.Tests.Access;

/// <summary>What all keys have together: one that floods leaves the others a part of it.</summary>
public sealed class FairShareTests
{
    private static readonly (string Name, string Value) Ann = ("X-Api-Key", TestKeys.Of("ann"));
    private static readonly (string Name, string Value) Bob = ("X-Api-Key", TestKeys.Of("bob"));

    /// <summary>About 50 kB of work by estimate.</summary>
    private static readonly string Body = $$"""{"text": "{{new string('a', 400)}}"}""";

    [Fact]
    public async Task A_key_that_floods_the_memory_for_requests_is_refused_and_another_is_always_answered()
    {
        await using var service = new GuardedService([
            ("Limits:WorkMegabytes", "2"),
            .. TestKeys.Settings(0, "ann"),
            .. TestKeys.Settings(1, "bob"),
        ]);
        var (held, finish) = (0, new TaskCompletionSource());
        service.Explainer.Answer = async (request, _, _) =>
        {
            if (((TextRequest)request).Text.Length > 1)
            {
                Interlocked.Increment(ref held);
                await finish.Task;
            }

            return FakeExplainer.Echo(request);
        };
        var flood = Enumerable.Range(0, 100).Select(_ => service.SendAsync("POST", "/predict", Body, headers: Ann)).ToList();
        await Patience.UntilAsync(() => Volatile.Read(ref held) + flood.Count(one => one.IsCompleted) == flood.Count);

        for (var i = 0; i < 20; i++)
        {
            using var answer = await service.PredictAsync(Bob);
            Assert.Equal(200, (int)answer.StatusCode);
        }

        var memory = service.Services.GetRequiredService<WorkMemory>();
        Assert.InRange(memory.Used, memory.Limit / 3, memory.Limit / 2);
        finish.SetResult();
        var statuses = (await Task.WhenAll(flood)).Select(answer => (int)answer.StatusCode).ToLookup(status => status);
        Assert.Equal((held, flood.Count - held), (statuses[200].Count(), statuses[429].Count()));
        flood.ForEach(one => one.Dispose());
    }

    /// <summary>A request that is alone may take more than all; of others' small ones there is room even then.</summary>
    [Fact]
    public async Task Beside_a_request_that_has_all_the_memory_a_small_one_of_another_key_is_answered()
    {
        await using var service = new GuardedService([
            ("Limits:WorkMegabytes", "1"),
            .. TestKeys.Settings(0, "ann"),
            .. TestKeys.Settings(1, "bob"),
        ]);
        var (started, finish) = (new TaskCompletionSource(), new TaskCompletionSource());
        service.Explainer.Answer = async (request, _, _) =>
        {
            if (((TextRequest)request).Text.Length > 1)
            {
                started.TrySetResult();
                await finish.Task;
            }

            return FakeExplainer.Echo(request);
        };
        var large = service.SendAsync("POST", "/predict", $$"""{"text": "{{new string('a', 100_000)}}"}""", headers: Ann);
        await started.Task;

        using var own = await service.SendAsync("POST", "/predict", Body, headers: Ann);
        using var other = await service.PredictAsync(Bob);

        Assert.Equal((429, 200), ((int)own.StatusCode, (int)other.StatusCode));
        finish.SetResult();
        Assert.Equal(200, (int)(await large).StatusCode);
    }

    /// <summary>An issuer of tokens may name any number of subjects.</summary>
    [Fact]
    public async Task However_many_accounts_there_are_their_own_parts_reach_a_quarter_beyond_the_limit()
    {
        var memory = new WorkMemory(32 << 20);
        var refused = 0;
        List<MemoryShare> shares = [.. Enumerable.Range(0, 100).Select(_ => memory.Open(new WorkAccount()))];
        foreach (var share in shares)
        {
            try
            {
                await share.TakeAsync(1 << 20, TestContext.Current.CancellationToken);
            }
            catch (ServiceBusyException)
            {
                refused++;
            }
        }

        Assert.Equal((memory.Limit + (memory.Limit / 4), 60), (memory.Used, refused));
        shares.ForEach(share => share.Dispose());
        Assert.Equal(0, memory.Used);
    }

    [Theory]
    [InlineData("/predict", """{"text": "a"}""")]
    [InlineData("/v1/models/good:explain", """{"instances": ["a"]}""")]
    [InlineData("/v1/models/good:explain", """{"instances": ["a", "b", "c"]}""")]
    public async Task Texts_of_a_lone_key_that_take_over_half_of_the_memory_are_answered_by_any_protocol(string path, string body)
    {
        await using var service = new GuardedService([("Limits:WorkMegabytes", "1"), .. TestKeys.Settings(0, "ann")]);
        service.Explainer.Answer = async (request, work, cancellationToken) =>
        {
            await work.HoldingAsync(600 << 10, cancellationToken);
            return FakeExplainer.Echo(request) with
            {
                Prediction = new Prediction { Label = "good", Probability = 1 },
            };
        };

        using var answer = await service.SendAsync("POST", path, body, headers: Ann);

        Assert.Equal(200, (int)answer.StatusCode);
        await Patience.UntilAsync(() => service.Services.GetRequiredService<WorkMemory>().Used == 0);
    }

    [Fact]
    public async Task A_line_whose_turn_has_come_is_not_refused_for_what_later_lines_of_its_stream_hold()
    {
        // Each line holds about 17 kB, what no line but the one whose turn it is may exceed.
        await using var service = new GuardedService([("Limits:WorkMegabytes", "20"), .. TestKeys.Settings(0, "ann")]);
        var (later, allHold) = (0, new TaskCompletionSource());
        service.Explainer.Answer = async (request, work, cancellationToken) =>
        {
            if (((TextRequest)request).Text == "0")
            {
                await allHold.Task;
                await work.HoldingAsync(15 << 20, cancellationToken);
            }
            else if (Interlocked.Increment(ref later) == 7)
            {
                allHold.SetResult();
            }

            return FakeExplainer.Echo(request);
        };

        var lines = string.Concat(Enumerable.Range(0, 8).Select(line => $$"""{"text": "{{line}}"}""" + "\n"));
        using var answer = await service.SendAsync("POST", "/predict", lines, "application/x-ndjson", Ann);

        var answers = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Equal(8, answers.Split("\"units\"").Length - 1);
    }

    [Fact]
    public async Task A_key_that_floods_the_places_of_jobs_leaves_places_for_another()
    {
        var folder = Directory.CreateTempSubdirectory("fair-jobs-");
        try
        {
            await using var service = new GuardedService([
                ("Jobs:Directory", folder.FullName),
                ("Jobs:Role", "api"),
                ("Jobs:MaxUnfinished", "6"),
                .. TestKeys.Settings(0, "ann", ("Scopes", "jobs")),
                .. TestKeys.Settings(1, "bob", ("Scopes", "jobs")),
            ]);
            List<int> ann = [];
            for (var i = 0; i < 6; i++)
            {
                ann.Add(await PostAsync(Ann));
            }

            Assert.Equal([202, 202, 202, 429, 429, 429], ann);
            Assert.Equal(202, await PostAsync(Bob));

            async Task<int> PostAsync((string, string) key)
            {
                using var answer = await service.SendAsync(
                    "POST",
                    "/jobs",
                    """{"kind": "predict", "input": {"texts": ["a"]}}""",
                    headers: key
                );
                return (int)answer.StatusCode;
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
