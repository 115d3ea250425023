using ExplainService.Api.CommandLine;
using ExplainService.Api.Tests.Fakes;
using ExplainService.Methods.Contracts;

namespace ExplainService.Api.Tests.Jobs;

/// <summary><c>audit</c>: a job without a server.</summary>
public sealed class AuditTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("explain-audit-");

    private string Output => Path.Combine(folder.FullName, "out");

    [Fact]
    public async Task An_audit_writes_its_papers_and_a_gate_that_is_not_met_is_its_exit_code()
    {
        var (file, gates) = (Path.Combine(folder.FullName, "a.ndjson"), Path.Combine(folder.FullName, "gates.yaml"));
        await File.WriteAllTextAsync(file, AskingForJobs.Sentences(24));
        await File.WriteAllTextAsync(gates, "# of the release\n- accuracy >= 0.5\n- failed <= -1\n");

        var (code, lines, errors) = await ServiceRun.AuditAsync(file, "--output", Output, "--gate", gates);

        Assert.True(code == 2, errors);
        Assert.Contains(lines, line => line.StartsWith("met: accuracy >= 0.5", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("NOT MET: failed <= -1", StringComparison.Ordinal));
        Assert.Equal(24, (await File.ReadAllLinesAsync(Path.Combine(Output, "results.ndjson"))).Length);
        Assert.Equal(
            ["evidence.zip", "report.html", "results.ndjson", "summary.json"],
            Directory.EnumerateFileSystemEntries(Output).Select(Path.GetFileName).Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public async Task What_cannot_be_is_said_in_one_line()
    {
        var file = Path.Combine(folder.FullName, "a.ndjson");
        await File.WriteAllTextAsync(file, "{\"text\": \"good\"}\n");

        var (code, _, errors) = await ServiceRun.AuditAsync(file, "--endpoint", "/miracle", "--output", Output);

        Assert.Equal(1, code);
        Assert.StartsWith("request.endpoint: must be one of", errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("- beauty >= 1")]
    [InlineData("- accuracy > 1")]
    [InlineData("accuracy: 0.9")]
    public void A_line_that_is_no_gate_is_refused(string line) => Assert.Throws<InvalidRequestException>(() => Gates.Read([line]));

    public void Dispose() => folder.Delete(recursive: true);
}
