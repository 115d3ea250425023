using System.Text.Json;
using ExplainService.Api.Tests.Access;
using ExplainService.Api.Tests.Fakes;

namespace ExplainService.Api.Tests.Adapters;

/// <summary>Keys, scopes, models, budgets, the audit log and masking hold for other services' protocols as for the native endpoints.</summary>
public sealed class PeerAccessTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("explain-peers-");

    public static TheoryData<string> Calls => new(PeerCalls.Names);

    private string Log => Path.Combine(folder.FullName, "audit.ndjson");

    public void Dispose() => folder.Delete(recursive: true);

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task Keys_scopes_and_models_are_asked_for_in_the_protocols_own_form(string name)
    {
        await using var service = new GuardedService([
            .. TestKeys.Settings(0, "watcher", ("Scopes", "metrics")),
            .. TestKeys.Settings(1, "other", ("Models", "broken")),
            .. TestKeys.Settings(2, "slow", ("RequestsPerMinute", "1")),
        ]);

        Assert.Equal(401, await StatusAsync(service, name));
        Assert.Equal(401, await StatusAsync(service, name, "nobody"));
        Assert.Equal(403, await StatusAsync(service, name, "watcher"));
        Assert.Equal(403, await StatusAsync(service, name, "other"));
        (await service.PredictAsync(("X-Api-Key", TestKeys.Of("slow")))).Dispose();
        Assert.Equal(429, await StatusAsync(service, name, "slow"));
    }

    [Fact]
    public async Task The_audit_log_has_each_explanation_and_the_hour_its_budget()
    {
        await using (
            var service = new OwnModels(["own"], [("AuditLog:File", Log), .. TestKeys.Settings(0, "ann", ("EvaluationsPerHour", "10"))])
        )
        {
            var (path, body, type) = PeerCalls.Of("/v1/models/{m}:explain", "own", "a good film");
            var key = ("X-Api-Key", TestKeys.Of("ann"));
            while ((await service.SendAsync(path, body, type, key)).Status == 200)
            {
                // The budget is used up by and by.
            }

            var (status, answer) = await service.SendAsync(path, body, type, key);
            Assert.Equal(429, status);
            Assert.Contains("evaluations", PeerCalls.Refusal("/v1/models/{m}:explain", status, answer), StringComparison.Ordinal);
        }

        var entries = (await File.ReadAllLinesAsync(Log, TestContext.Current.CancellationToken)).Select(Asking.Parse).ToArray();
        Assert.All(entries, entry => Assert.Equal(("key:ann", "/shap"), (Field(entry, "who"), Field(entry, "method"))));
        Assert.Equal("answered", Field(entries[0], "outcome"));
        Assert.NotEqual("answered", Field(entries[^1], "outcome"));
        Assert.DoesNotContain(
            "a good film",
            await File.ReadAllTextAsync(Log, TestContext.Current.CancellationToken),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("/v1/models/{m}:explain")]
    [InlineData("/v2/models/{m}/infer")]
    [InlineData("/explanations/{m}")]
    [InlineData("/v1/projects/p/locations/l/endpoints/{m}:explain")]
    public async Task What_is_masked_no_protocol_tells(string name)
    {
        await using var service = new OwnModels(["own"], ("Privacy:Redact", "Wombat"));
        var (path, body, type) = PeerCalls.Of(name, "own", "a good Wombat");

        var (status, answer) = await service.SendAsync(path, body, type);

        Assert.Equal(200, status);
        Assert.DoesNotContain("ombat", answer, StringComparison.OrdinalIgnoreCase);
    }

    private static async Task<int> StatusAsync(GuardedService service, string name, string? key = null)
    {
        var (path, body, type) = PeerCalls.Of(name, "good", "a");
        (string, string)[] headers = key is null ? [] : [("X-Api-Key", TestKeys.Of(key))];
        var (status, answer) = await service.SendAsync(path, body, type, headers);
        Assert.NotEmpty(PeerCalls.Refusal(name, status, answer));
        return status;
    }

    private static string? Field(JsonElement entry, string field) => entry.GetProperty(field).GetString();
}
