using ExplainService.Api.Tests.Fakes;
using ExplainService.Methods.Contracts;
using ExplainService.Runtime;
using ExplainService.Testing;

namespace ExplainService.Api.Tests.Http;

/// <summary>Every way in which an explanation can fail, as its client sees it.</summary>
public sealed class ProblemTests
{
    private const string Secret = "mother-in-law's diagnosis";

    public static TheoryData<string, int> Failures =>
        new()
        {
            { "malformed", 400 },
            { "impossible", 422 },
            { "no model", 404 },
            { "broken model", 422 },
            { "no gradient", 422 },
            { "busy", 429 },
            { "draining", 503 },
            { "late", 504 },
            { "bug", 500 },
        };

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task A_failure_is_answered_with_its_status(string failure, int status)
    {
        await using var service = new FakeService();
        service.Explainer.Answer = (_, _, _) => throw Failure(failure);

        using var response = await service.PostAsync("/saliency", """{"text": "a"}""");

        var problem = await response.ProblemAsync(status);
        Assert.Equal(["nosniff"], response.Headers.GetValues("X-Content-Type-Options"));
        Assert.Equal(status is 429 or 503 ? "3" : null, response.Headers.RetryAfter?.ToString());
        Assert.Equal(status is 429 or 503 ? 3 : null, problem.RetryAfter);
        if (failure is "malformed" or "impossible")
        {
            Assert.Equal("must be between 1 and 400", problem.Errors!["steps"][0]);
        }
    }

    [Fact]
    public async Task A_bug_says_nothing_of_its_input()
    {
        await using var service = new FakeService();
        service.Explainer.Answer = (_, _, _) => throw Failure("bug");

        using var response = await service.PostAsync("/saliency", $$"""{"text": "{{Secret}}"}""");

        Assert.DoesNotContain(Secret, await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_log_line_holds_the_text()
    {
        await using var service = new FakeService();
        var body = "{\"text\": \"" + Secret + "\", \"pair\": \"" + Secret + "\", \"target\": {\"label\": \"" + Secret + "\"}}";
        using var fine = await service.PostAsync("/predict", body);
        using var stream = await service.PostAsync("/predict", body + "\n{\"" + Secret + "\": 1}\n", "application/x-ndjson");
        await stream.Content.ReadAsStringAsync();
        using var malformed = await service.PostAsync("/predict", body + Secret);
        using var unknown = await service.PostAsync("/predict", $$"""{"text": "a", "{{Secret}}": 1, "method": "{{Secret}}"}""");
        using var path = await service.PostAsync("/" + Uri.EscapeDataString(Secret), body);
        foreach (var failure in Failures)
        {
            service.Explainer.Answer = (_, _, _) => throw Failure(failure.Data.Item1);
            using var failed = await service.PostAsync("/shap", body);
        }

        Assert.Contains(service.Logs.Lines, line => line.Contains("\"Route\":\"/predict\",\"Status\":200", StringComparison.Ordinal));
        Assert.Contains(service.Logs.Lines, line => line.Contains("System.FormatException", StringComparison.Ordinal));
        Assert.DoesNotContain(service.Logs.Lines, line => Decoded(line).Contains(Secret, StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task The_server_stops_what_takes_too_long()
    {
        await using var service = new FakeService(settings: ("Limits:MaxRequestSeconds", "1"));
        service.Explainer.Answer = async (request, _, cancellationToken) =>
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
            return FakeExplainer.Echo(request);
        };

        using var response = await service.PostAsync("/shap", """{"text": "a"}""");

        await response.ProblemAsync(504);
    }

    [Theory]
    [InlineData("3600", 3_600_000, 200)]
    [InlineData("3600", 3_600_001, 400)]
    [InlineData("1", 1001, 400)]
    public async Task A_deadline_goes_up_to_the_server_s_own_limit(string seconds, int deadline, int status)
    {
        await using var service = new FakeService(settings: ("Limits:MaxRequestSeconds", seconds));

        using var response = await service.PostAsync("/shap", $$"""{"text": "a", "deadline_ms": {{deadline}}}""");

        Assert.Equal(status, (int)response.StatusCode);
        if (status == 400)
        {
            var problem = await response.ProblemAsync(400);
            Assert.Contains("the server stops a request", problem.Errors!["deadline_ms"][0], StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_client_that_leaves_cancels_its_work()
    {
        await using var service = new FakeService();
        var started = new TaskCompletionSource();
        var cancelled = new TaskCompletionSource();
        service.Explainer.Answer = async (request, _, cancellationToken) =>
        {
            using var registration = cancellationToken.Register(cancelled.SetResult);
            started.SetResult();
            await Task.Delay(Timeout.Infinite, cancellationToken);
            return FakeExplainer.Echo(request);
        };
        using var leave = new CancellationTokenSource();
        using var content = new StringContent("""{"text": "a"}""", System.Text.Encoding.UTF8, "application/json");

        var request = service.Client.PostAsync("/shap", content, leave.Token);
        await started.Task;
        await leave.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => request);
        await cancelled.Task.WaitAsync(Patience.Ample);
    }

    private static string Decoded(string line) => Uri.UnescapeDataString(line).Replace("\\u0027", "'", StringComparison.OrdinalIgnoreCase);

    private static Exception Failure(string failure) =>
        failure switch
        {
            "malformed" => InvalidRequestException.Malformed("steps", "must be between 1 and 400"),
            "impossible" => InvalidRequestException.CannotDo("steps", "must be between 1 and 400"),
            "no model" => new ModelNotFoundException("there is no model of that name"),
            "broken model" => new ModelNotUsableException("model.onnx: the protobuf ends too early"),
            "no gradient" => new NotSupportedByModelException("node 7 (Frobnicate) has no gradient"),
            "busy" => new ServiceBusyException("the queue is full", TimeSpan.FromSeconds(2.5)),
            "draining" => new ServiceBusyException("the service is shutting down", TimeSpan.FromSeconds(3), unavailable: true),
            "late" => new DeadlineExceededException(20),
            _ => new FormatException("cannot make sense of " + Secret, new InvalidOperationException(Secret)),
        };
}
