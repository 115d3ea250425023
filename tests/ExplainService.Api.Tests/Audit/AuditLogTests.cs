using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ExplainService.Api.Audit;
using ExplainService.Api.Tests.Access;
using ExplainService.Api.Tests.Fakes;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace ExplainService.Api.Tests.Audit;

/// <summary>The audit log: what is in it, what is not, and what is found when it was touched.</summary>
public sealed class AuditLogTests : IDisposable
{
    private const string Secret = "Wibble the confidential wombat";

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("explain-audit-");

    private string File => Path.Combine(folder.FullName, "audit.ndjson");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task An_entry_says_who_asked_what_of_which_model_and_hashes_text_and_answer()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 11, 29, 12, 0, 0, TimeSpan.Zero));
        byte[] sent;
        string trace;
        await using (var service = new GuardedService(time, [("AuditLog:File", File), .. TestKeys.Settings(0, "ann")]))
        {
            (await service.SendAsync("POST", "/models/good/load", headers: ("X-Api-Key", TestKeys.Of("ann")))).Dispose();
            using var answer = await service.SendAsync(
                "POST",
                "/saliency",
                $$$"""{"text": "{{{Secret}}}", "model": "good", "method": "gradient", "steps": 7, "seed": 3, "baseline": {"text": "{{{Secret}}}"}}""",
                headers: ("X-Api-Key", TestKeys.Of("ann"))
            );
            sent = await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
            trace = Assert.Single(answer.Headers.GetValues("X-Trace-Id"));
        }

        var entry = Assert.Single(Entries());
        Assert.Equal(1, entry.GetProperty("number").GetInt64());
        Assert.Equal("2026-11-29T12:00:00+00:00", entry.GetProperty("time").GetString());
        Assert.Equal("key:ann", entry.GetProperty("who").GetString());
        Assert.Equal(trace, entry.GetProperty("trace_id").GetString());
        Assert.Equal(("/saliency", "good", "answered"), (Text(entry, "method"), Text(entry, "model"), Text(entry, "outcome")));
        Assert.Equal(Hash(Encoding.UTF8.GetBytes(Secret)), Text(entry, "input_sha256"));
        Assert.Equal(Hash(sent), Text(entry, "answer_sha256"));
        Assert.Equal(3, entry.GetProperty("seed").GetInt64());
        var parameters = entry.GetProperty("parameters");
        Assert.Equal(("gradient", 7), (Text(parameters, "method"), parameters.GetProperty("steps").GetInt32()));
        Assert.Equal("sha256:" + Hash(Encoding.UTF8.GetBytes(Secret)), Text(parameters.GetProperty("baseline"), "text"));
    }

    [Fact]
    public async Task Neither_the_log_nor_the_audit_log_holds_a_text_wherever_a_request_has_one()
    {
        string[] bodies =
        [
            $$$"""{"text": "{{{Secret}}}"}""",
            $$$"""{"text": "{{{Secret}}}", "pair": "{{{Secret}}}", "id": "{{{Secret}}}"}""",
            $$$"""{"text": "{{{Secret}}}", "labels": ["{{{Secret}}}"], "hypothesis_template": "{{{Secret}}} {}"}""",
            $$$"""{"text": "a", "target": {"label": "{{{Secret}}}"}, "against": {"continuation": "{{{Secret}}}"}}""",
            $$$"""{"text": "a", "target": {"text": "{{{Secret}}}"}}""",
            $$$"""{"text": "a", "model": "{{{Secret}}}"}""",
            $$$"""{"messages": [{"role": "user", "content": "{{{Secret}}}"}]}""",
        ];
        await using (var service = new GuardedService(("AuditLog:File", File)))
        {
            foreach (var path in new[] { "/saliency", "/shap", "/counterfactual" })
            {
                foreach (var body in bodies)
                {
                    (await service.SendAsync("POST", path, body)).Dispose();
                }
            }

            using var replaced = await service.SendAsync(
                "POST",
                "/occlusion",
                $$$"""{"text": "a", "replacement": {"text": "{{{Secret}}}"}}"""
            );
            using var drawn = await service.SendAsync("POST", "/permutation", $$$"""{"text": "a", "background": ["{{{Secret}}}"]}""");
            using var corpus = await service.SendAsync("POST", "/neurons", $$$"""{"text": "a", "corpus": ["{{{Secret}}}"]}""");
            using var lines = await service.SendAsync("POST", "/lime", string.Join('\n', bodies), "application/x-ndjson");
            await lines.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            Assert.DoesNotContain(service.Logs.Lines, line => line.Contains("wombat", StringComparison.OrdinalIgnoreCase));
        }

        var written = await System.IO.File.ReadAllTextAsync(File, TestContext.Current.CancellationToken);
        Assert.DoesNotContain("wombat", written, StringComparison.OrdinalIgnoreCase);
        Assert.True(Entries().Length >= (3 * bodies.Length) + bodies.Length, written);
    }

    [Theory]
    [InlineData(
        "/compare",
        "\"methods\": [{\"endpoint\": \"/lime\", \"seed\": 1}, {\"scores\": [{\"start\": 0, \"end\": 1, \"score\": 1}], \"name\": \"NAME\"}]"
    )]
    [InlineData("/evaluate", "\"explanation\": {\"endpoint\": \"/occlusion\", \"replacement\": {\"text\": \"NAME\"}}")]
    public async Task What_is_judged_is_written_down_without_its_texts(string path, string fields)
    {
        await using (var service = new GuardedService(("AuditLog:File", File)))
        {
            var body = "{\"text\": \"a\", " + fields.Replace("NAME", Secret, StringComparison.Ordinal) + "}";
            using var answer = await service.SendAsync("POST", path, body);
            Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        }

        var entry = Assert.Single(Entries());
        Assert.Equal((path, "answered"), (Text(entry, "method"), Text(entry, "outcome")));
        Assert.Contains("\"endpoint\"", entry.GetProperty("parameters").ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("wombat", entry.ToString(), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_second_writer_is_kept_out()
    {
        await using var service = new GuardedService(("AuditLog:File", File));
        (await service.PredictAsync()).Dispose();
        using var second = new AuditFile(new AuditLogOptions { File = File }, new FakeTimeProvider(), NullLogger<AuditFile>.Instance);

        await Assert.ThrowsAsync<OptionsValidationException>(() => second.StartAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_refused_request_is_written_down_too_and_a_restart_goes_on_with_the_chain()
    {
        for (var start = 0; start < 2; start++)
        {
            await using var service = new GuardedService([("AuditLog:File", File), .. TestKeys.Settings(0, "ann", ("Models", "another"))]);
            using var answer = await service.PredictAsync(("X-Api-Key", TestKeys.Of("ann")));
            await answer.ProblemAsync(403);
        }

        Assert.Equal(["not-allowed", "not-allowed"], Entries().Select(entry => Text(entry, "outcome")));
        Assert.Equal(Text(Entries()[0], "hash"), Text(Entries()[1], "previous"));
        Assert.Null((await VerifyAsync(await ReadAsync())).Fault);
    }

    [Fact]
    public async Task Every_changed_byte_is_found()
    {
        await WriteAsync(3);
        var log = await ReadAsync();
        Assert.Equal((3, null), ((await VerifyAsync(log)).Entries, (await VerifyAsync(log)).Fault));
        for (var place = 0; place < log.Length; place++)
        {
            var changed = log.ToArray();
            changed[place] ^= (byte)(1 + (place % 255));
            var verdict = await VerifyAsync(changed);
            Assert.True(verdict.Fault is not null, FormattableString.Invariant($"byte {place} of {log.Length}"));
        }
    }

    [Theory]
    [InlineData("1 3", 2)]
    [InlineData("2 3", 1)]
    [InlineData("2 1 3", 1)]
    [InlineData("1 3 2", 2)]
    [InlineData("1 1 2 3", 2)]
    [InlineData("1 2 3 3", 4)]
    public async Task A_line_that_is_missing_moved_or_added_is_found(string order, int line)
    {
        await WriteAsync(3);
        var lines = await System.IO.File.ReadAllLinesAsync(File, TestContext.Current.CancellationToken);
        var arranged = string.Concat(order.Split(' ').Select(number => lines[number[0] - '1'] + "\n"));

        var verdict = await VerifyAsync(Encoding.UTF8.GetBytes(arranged));

        Assert.StartsWith(FormattableString.Invariant($"line {line}:"), verdict.Fault, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_command_verifies_and_finds_a_cut_end_by_the_hash_that_was_kept()
    {
        await WriteAsync(3);
        var (whole, lines, _) = await ServiceRun.CommandAsync("audit-log", "verify", File);
        Assert.Equal((0, 64), (whole, lines[^1].Length));

        var kept = lines[^1];
        var all = await System.IO.File.ReadAllLinesAsync(File, TestContext.Current.CancellationToken);
        await System.IO.File.WriteAllTextAsync(File, all[0] + "\n" + all[1] + "\n", TestContext.Current.CancellationToken);
        var (cut, _, error) = await ServiceRun.CommandAsync("audit-log", "verify", File, "--last", kept);
        Assert.Equal(1, cut);
        Assert.Contains("line 3: the line with the hash that the log once ended with is missing", error, StringComparison.Ordinal);

        await System.IO.File.WriteAllTextAsync(
            File,
            all[0].Replace("answered", "Answered", StringComparison.Ordinal) + "\n",
            TestContext.Current.CancellationToken
        );
        var (changed, _, reason) = await ServiceRun.CommandAsync("audit-log", "verify", File);
        Assert.Equal((1, "line 1: it was changed"), (changed, reason.Trim()));
    }

    [Fact]
    public async Task A_line_that_a_dying_process_left_unfinished_goes_and_a_log_that_was_changed_is_not_gone_on_with()
    {
        await WriteAsync(2);
        await System.IO.File.AppendAllTextAsync(File, "{\"number\":3,\"ti", TestContext.Current.CancellationToken);
        await WriteAsync(1);
        Assert.Equal((3, null), ((await VerifyAsync(await ReadAsync())).Entries, (await VerifyAsync(await ReadAsync())).Fault));

        var log = await ReadAsync();
        log[20] ^= 1;
        await System.IO.File.WriteAllBytesAsync(File, log, TestContext.Current.CancellationToken);
        var (exitCode, lines, _) = await ServiceRun.ToItsEndAsync("urls=http://127.0.0.1:0", "AuditLog:File=" + File);
        Assert.Equal(1, exitCode);
        Assert.Contains("line 1: it was changed", lines[^1], StringComparison.Ordinal);
    }

    private async Task WriteAsync(int count)
    {
        await using var service = new GuardedService(("AuditLog:File", File));
        for (var number = 0; number < count; number++)
        {
            (await service.PredictAsync()).Dispose();
        }
    }

    private Task<byte[]> ReadAsync() => System.IO.File.ReadAllBytesAsync(File, TestContext.Current.CancellationToken);

    private JsonElement[] Entries() => [.. System.IO.File.ReadAllLines(File).Select(Asking.Parse)];

    private static Task<AuditVerdict> VerifyAsync(byte[] log) =>
        AuditChain.VerifyAsync(new MemoryStream(log), TestContext.Current.CancellationToken);

    private static string? Text(JsonElement entry, string field) => entry.GetProperty(field).GetString();

    private static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
