using System.Text;
using System.Text.Json;
using ExplainService.Api.Tests.Access;
using ExplainService.Api.Tests.Fakes;
using ExplainService.Methods.Contracts;
using ExplainService.Runtime;
using Microsoft.Extensions.Time.Testing;

namespace ExplainService.Api.Tests.Audit;

/// <summary>What stands in the audit log beside explanations, and how often a line of a stream does.</summary>
public sealed class AuditedActTests : IDisposable
{
    private const string Delete = "DELETE /jobs/{id}";

    private static readonly (string Name, string Value) Ann = ("X-Api-Key", TestKeys.Of("ann"));

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("explain-acts-");

    private string File => Path.Combine(folder.FullName, "audit.ndjson");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task What_is_done_to_models_and_jobs_is_written_down_with_who_did_it()
    {
        string job;
        await using (var service = new GuardedService(Settings))
        {
            foreach (var path in new[] { "/models/good/load", "/models/good/unload", "/v1/models/good/load", "/models/wombat/load" })
            {
                (await service.SendAsync("POST", path, headers: Ann)).Dispose();
            }

            job = await PostJobAsync(service);
            foreach (var act in new[] { "pause", "resume", "cancel" })
            {
                using var answer = await service.SendAsync("POST", $"/jobs/{job}/{act}", headers: Ann);
                Assert.True(answer.IsSuccessStatusCode, act);
            }

            (await service.SendAsync("POST", $"/jobs/{job}/pause", headers: Ann)).Dispose();
            (await service.SendAsync("DELETE", "/jobs/" + job, headers: Ann)).Dispose();
        }

        Assert.Equal(
            [
                ("POST /models/{id}/load", "good", null, "done"),
                ("POST /models/{id}/unload", "good", null, "done"),
                ("POST /models/{id}/load", "good", null, "done"),
                ("POST /models/{id}/load", null, null, "not-found"),
                ("/jobs", "good", job, "posted"),
                ("POST /jobs/{id}/pause", null, job, "done"),
                ("POST /jobs/{id}/resume", null, job, "done"),
                ("POST /jobs/{id}/cancel", null, job, "done"),
                ("POST /jobs/{id}/pause", null, job, "conflict"),
                (Delete, null, job, "done"),
            ],
            Entries().Select(entry => (Text(entry, "method")!, Text(entry, "model"), Text(entry, "job"), Text(entry, "outcome")!))
        );
        Assert.All(Entries(), entry => Assert.Equal("key:ann", Text(entry, "who")));
        Assert.DoesNotContain(
            "wombat",
            await System.IO.File.ReadAllTextAsync(File, TestContext.Current.CancellationToken),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Whoever_tries_to_change_a_job_of_somebody_else_is_written_down_with_its_id()
    {
        const string None = "00000000000000000000000000000000";
        string job;
        await using (var service = new GuardedService([.. Settings, .. TestKeys.Settings(1, "bob", ("Scopes", "jobs"))]))
        {
            job = await PostJobAsync(service);
            foreach (var id in new[] { job, None })
            {
                using var answer = await service.SendAsync("DELETE", "/jobs/" + id, headers: ("X-Api-Key", TestKeys.Of("bob")));
                var problem = await answer.ProblemAsync(404);
                Assert.Equal("There is no such job.", problem.Detail);
            }

            using var still = await service.SendAsync("GET", "/jobs/" + job, headers: Ann);
            Assert.True(still.IsSuccessStatusCode);
        }

        Assert.Equal(
            [("key:ann", "/jobs", job, "posted"), ("key:bob", Delete, job, "not-found"), ("key:bob", Delete, null, "not-found")],
            Entries().Select(entry => (Text(entry, "who")!, Text(entry, "method")!, Text(entry, "job"), Text(entry, "outcome")!))
        );
    }

    [Theory]
    [InlineData("/models/good/unload", null, "POST /models/{id}/unload")]
    [InlineData("/predict", """{"text": "a"}""", "/predict")]
    public async Task What_a_client_asked_that_left_before_the_answer_is_written_down_as_that(string path, string? body, string method)
    {
        await using (var service = new GuardedService(Settings))
        {
            var begun = new TaskCompletionSource();
            service.Models.Unloading = WaitAsync;
            service.Explainer.Answer = async (request, _, stop) =>
            {
                await WaitAsync(stop);
                return FakeExplainer.Echo(request);
            };
            using var leaving = new CancellationTokenSource();
            using var request = new HttpRequestMessage(HttpMethod.Post, path);
            request.Headers.Add(Ann.Name, Ann.Value);
            request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");

            var asking = service.Client.SendAsync(request, leaving.Token);
            await begun.Task;
            await leaving.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);

            async Task WaitAsync(CancellationToken stop)
            {
                begun.SetResult();
                await Task.Delay(Timeout.Infinite, stop);
            }
        }

        var entry = Assert.Single(Entries());
        Assert.Equal(("key:ann", method, "client-closed"), (Text(entry, "who"), Text(entry, "method"), Text(entry, "outcome")));
        Assert.Equal("good", Text(entry, "model"));
    }

    [Theory]
    [InlineData("wombat")]
    [InlineData("wombatwombatwombatwombatwombatwo")]
    [InlineData("0123456789ABCDEF0123456789ABCDEF")]
    public async Task What_no_job_can_be_called_is_not_written_down_whatever_it_is_refused_for(string name)
    {
        await using (var service = new GuardedService(("AuditLog:File", File), ("Jobs:Directory", folder.FullName), ("Jobs:Role", "api")))
        {
            using var answer = await service.SendAsync("POST", $"/jobs/{name}/pause", "a body where none is read", "text/plain");
            await answer.ProblemAsync(415);
        }

        var entry = Assert.Single(Entries());
        Assert.Equal(("POST /jobs/{id}/pause", "unsupported-media-type"), (Text(entry, "method"), Text(entry, "outcome")));
        Assert.DoesNotContain(name, entry.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_entry_says_when_work_began_and_when_it_was_answered()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 11, 29, 12, 0, 0, TimeSpan.Zero));
        await using (var service = new GuardedService(time, Settings))
        {
            service.Explainer.Answer = (request, _, _) =>
            {
                time.Advance(TimeSpan.FromSeconds(7));
                return Task.FromResult(FakeExplainer.Echo(request));
            };
            (await service.PredictAsync(Ann)).Dispose();
        }

        var entry = Assert.Single(Entries());
        Assert.Equal(("2026-11-29T12:00:00+00:00", "2026-11-29T12:00:07+00:00"), (Text(entry, "started"), Text(entry, "time")));
    }

    [Fact]
    public async Task A_line_that_waited_for_room_is_one_entry_that_says_how_often_it_was_tried()
    {
        var tries = 0;
        await using (var service = new GuardedService(Settings))
        {
            service.Explainer.Answer = (request, _, _) =>
                ((TextRequest)request).Text == "busy" && Interlocked.Increment(ref tries) <= 3
                    ? throw new ServiceBusyException("There is no room.", TimeSpan.Zero)
                    : Task.FromResult(FakeExplainer.Echo(request));
            using var answer = await service.SendAsync(
                "POST",
                "/predict",
                "{\"text\": \"busy\"}\n{\"text\": \"free\"}\n",
                "application/x-ndjson",
                Ann
            );
            await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        }

        var entries = Entries();
        Assert.Equal(["answered", "answered"], entries.Select(entry => Text(entry, "outcome")));
        Assert.Equal([0, 3], entries.Select(entry => entry.TryGetProperty("retries", out var given) ? given.GetInt32() : 0).Order());
    }

    private static async Task<string> PostJobAsync(GuardedService service)
    {
        using var posted = await service.SendAsync(
            "POST",
            "/jobs",
            """{"kind": "predict", "input": {"texts": ["a"]}, "request": {"model": "good"}}""",
            headers: Ann
        );
        return Asking.Parse(await posted.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).GetProperty("id").GetString()!;
    }

    private (string Key, string Value)[] Settings =>
        [
            ("AuditLog:File", File),
            ("Jobs:Directory", folder.FullName),
            ("Jobs:Role", "api"),
            .. TestKeys.Settings(0, "ann", ("Scopes", "explain,jobs,models")),
        ];

    private JsonElement[] Entries() => [.. System.IO.File.ReadAllLines(File).Select(Asking.Parse)];

    private static string? Text(JsonElement entry, string field) => entry.TryGetProperty(field, out var value) ? value.GetString() : null;
}
