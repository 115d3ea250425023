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
