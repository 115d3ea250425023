using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using ExplainService.Api.Limits;
using ExplainService.Api.Tests.Fakes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ExplainService.Api.Tests.Hosting;

/// <summary>What outlasts <c>Limits:DrainSeconds</c> is ended in HTTP's own words, not by a cut connection.</summary>
public sealed class DrainTests
{
    private readonly TaskCompletionSource started = new();

    [Fact]
    public async Task A_request_past_the_drain_is_a_503()
    {
        await using var service = Service();
        var running = service.PostAsync("/shap", """{"text": "a"}""");
        await started.Task;

        await StopAsync(service);

        using var response = await running;
        Assert.Equal("the service is shutting down", (string?)(await response.ProblemAsync(503))["detail"]);
        Assert.NotNull(response.Headers.RetryAfter);
        Assert.Contains(service.Logs.Lines, line => line.Contains("\"Route\":\"/shap\",\"Status\":503", StringComparison.Ordinal));
        Assert.Contains(service.Logs.Lines, line => line.Contains("0 requests are left", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_stream_past_the_drain_answers_its_lines_with_503_and_says_that_it_was_cut()
    {
        await using var service = Service();
        using var socket = new TcpClient();
        await socket.ConnectAsync(service.Client.BaseAddress!.Host, service.Client.BaseAddress.Port);
        var line = """{"text": "a"}""" + "\n";
        // A chunk of one line, and no last chunk: more could follow.
        await socket
            .GetStream()
            .WriteAsync(
                Encoding.ASCII.GetBytes(
                    FormattableString.Invariant(
                        $"POST /shap HTTP/1.1\r\nHost: test\r\nContent-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n"
                    ) + FormattableString.Invariant($"{line.Length:x}\r\n{line}\r\n")
                )
            );
        using var reader = new StreamReader(socket.GetStream());
        await started.Task;

        var stopping = StopAsync(service);

        var answers = new List<int>();
        // The last chunk is empty: the answer is whole.
        for (var text = ""; text != "0"; text = await reader.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(10)))
        {
            if (text!.StartsWith('{'))
            {
                answers.Add((int)JsonNode.Parse(text)!["status"]!);
            }
        }

        Assert.Equal([503, 503], answers);
        socket.Close();
        await stopping;
    }

    [Fact]
    public async Task Loading_past_the_drain_is_a_503()
    {
        await using var service = new FakeService(loaded: false, ("Limits:DrainSeconds", "0"), ("Models:Preload", ""));
        var running = service.PostAsync("/models/good/load", [], null);
        while (service.Services.GetRequiredService<Readiness>().Running == 0)
        {
            await Task.Delay(10);
        }

        await StopAsync(service);

        using var response = await running;
        await response.ProblemAsync(503);
    }

    private static async Task StopAsync(FakeService service)
    {
        var watch = System.Diagnostics.Stopwatch.StartNew();
        await service.Services.GetRequiredService<IHost>().StopAsync(TestContext.Current.CancellationToken);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(4), $"the end took {watch.Elapsed}");
    }

    private FakeService Service()
    {
        var service = new FakeService(settings: ("Limits:DrainSeconds", "1"));
        service.Explainer.Answer = async (request, _, cancellationToken) =>
        {
            started.TrySetResult();
            await Task.Delay(Timeout.Infinite, cancellationToken);
            return FakeExplainer.Echo(request);
        };
        return service;
    }
}
