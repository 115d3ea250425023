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

            using var posted = await service.SendAsync(
                "POST",
                "/jobs",
                """{"kind": "predict", "input": {"texts": ["a"]}, "request": {"model": "good"}}""",
                headers: Ann
            );
            job = Asking
                .Parse(await posted.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))
                .GetProperty("id")
                .GetString()!;
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
                ("DELETE /jobs/{id}", null, job, "done"),
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
