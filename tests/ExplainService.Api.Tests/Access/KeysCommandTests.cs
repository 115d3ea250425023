using ExplainService.Api.Access;
using ExplainService.Api.Tests.Fakes;

namespace ExplainService.Api.Tests.Access;

/// <summary><c>keys new</c> on the command line.</summary>
public sealed class KeysCommandTests
{
    [Fact]
    public async Task A_new_key_is_let_in_by_the_lines_printed_beside_it()
    {
        var (exitCode, lines, _) = await ServiceRun.CommandAsync(
            "keys",
            "new",
            "ann",
            "--scopes",
            "explain,jobs",
            "--models",
            "good",
            "--requests-per-minute",
            "60",
            "--number",
            "3"
        );
        Assert.Equal(0, exitCode);
        var key = lines.Single(line => line.StartsWith(ApiKeys.Prefix, StringComparison.Ordinal));
        var settings = lines
            .Where(line => line.StartsWith("Auth__", StringComparison.Ordinal))
            .Select(line => line.Split('=', 2))
            .Select(parts => (Key: parts[0].Replace("__", ":", StringComparison.Ordinal), Value: parts[1]))
            .ToArray();
        Assert.DoesNotContain(settings, setting => setting.Value.Contains(key, StringComparison.Ordinal));

        await using var service = new GuardedService(settings);
        using var answer = await service.PredictAsync(("X-Api-Key", key));

        Assert.Equal(200, (int)answer.StatusCode);
        Assert.Equal(
            ["Name=ann", "Scopes=explain,jobs", "Models=good", "RequestsPerMinute=60"],
            settings
                .Where(setting => !setting.Key.EndsWith("Sha256", StringComparison.Ordinal))
                .Select(setting => $"{setting.Key["Auth:Keys:3:".Length..]}={setting.Value}")
        );
    }

    [Fact]
    public async Task A_scope_that_there_is_not_is_refused()
    {
        var (exitCode, _, errors) = await ServiceRun.CommandAsync("keys", "new", "ann", "--scopes", "everything");

        Assert.Equal(1, exitCode);
        Assert.Contains("There is no scope 'everything'", errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_keys_are_never_the_same() => Assert.Equal(100, Enumerable.Range(0, 100).Select(_ => ApiKeys.New()).Distinct().Count());
}
