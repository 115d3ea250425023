using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using ExplainService.Api.Limits;
using ExplainService.Api.Tests.Fakes;
using ExplainService.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;

namespace ExplainService.Api.Tests.Hosting;

/// <summary>What outlasts <c>Limits:DrainSeconds</c> is ended in HTTP's own words, not by a cut connection.</summary>
public sealed class DrainTests
{
    private const string DrainSeconds = "100";

    private readonly TaskCompletionSource started = new();
    private readonly FakeTimeProvider time = new();

    [Fact]
    public async Task A_request_past_the_drain_is_a_503()
    {
        await using var service = Service();
        var running = service.PostAsync("/shap", """{"text": "a"}""");
        await started.Task;

        var stopping = StopAsync(service);
        await DrainedAsync(service);

        using var response = await running;
        await EndedAsync(service, stopping);
        Assert.Equal("The service is shutting down.", (await response.ProblemAsync(503)).Detail);
        Assert.NotNull(response.Headers.RetryAfter);
        Assert.Contains(service.Logs.Lines, line => line.Contains("\"Route\":\"/shap\",\"Status\":503", StringComparison.Ordinal));
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
        await DrainedAsync(service);

        var answers = new List<int>();
        // The last chunk is empty: the answer is whole.
        for (var text = ""; text != "0"; text = await reader.ReadLineAsync().WaitAsync(Patience.Ample))
        {
            if (text!.StartsWith('{'))
            {
                answers.Add((int)JsonNode.Parse(text)!["status"]!);
            }
        }

        Assert.Equal([503, 503], answers);
        socket.Close();
        await EndedAsync(service, stopping);
    }

    [Fact]
    public async Task Loading_past_the_drain_is_a_503()
    {
        await using var service = new FakeService(time, loaded: false, ("Limits:DrainSeconds", DrainSeconds), ("Models:Preload", ""));
        var running = service.PostAsync("/models/good/load", [], null);
        await Patience.UntilAsync(() => service.Services.GetRequiredService<Readiness>().Running > 0);

        var stopping = StopAsync(service);
        await DrainedAsync(service);

        using var response = await running;
        await EndedAsync(service, stopping);
        await response.ProblemAsync(503);
    }

    private static Task StopAsync(FakeService service) =>
        service.Services.GetRequiredService<IHost>().StopAsync(TestContext.Current.CancellationToken);

    /// <summary>Lets the drain's time pass, of the service's clock, which no busy machine hurries.</summary>
    private async Task DrainedAsync(FakeService service)
    {
        await Patience.UntilAsync(() => service.Services.GetRequiredService<Readiness>().Draining);
        await Patience.UntilAsync(() =>
        {
            time.Advance(TimeSpan.FromSeconds(50));
            return service.Logs.Lines.Any(line => line.Contains("answered 503", StringComparison.Ordinal));
        });
    }

    /// <summary>The requests have been answered: the service sees it when it looks again, before its final grace period is over.</summary>
    private async Task EndedAsync(FakeService service, Task stopping)
    {
        await Patience.UntilAsync(() =>
        {
            time.Advance(TimeSpan.FromMilliseconds(20));
            return stopping.IsCompleted;
        });
        await stopping;
        Assert.Contains(service.Logs.Lines, line => line.Contains("0 requests are left", StringComparison.Ordinal));
    }

    private FakeService Service()
    {
        var service = new FakeService(time, loaded: true, ("Limits:DrainSeconds", DrainSeconds));
        service.Explainer.Answer = async (request, _, cancellationToken) =>
        {
            started.TrySetResult();
            await Task.Delay(Timeout.Infinite, cancellationToken);
            return FakeExplainer.Echo(request);
        };
        return service;
    }
}
