using ExplainService.Api.Tests.Fakes;

namespace ExplainService.Api.Tests.Telemetry;

/// <summary>What operators learn of a request: why it was refused, which lines failed, under which id; never what it said.</summary>
public sealed class RequestLogTests
{
    private const string Secret = "sorrow";

    [Fact]
    public async Task A_refusal_is_logged_with_its_kind_and_the_fields_that_the_service_knows()
    {
        await using var service = new FakeService();
        using var refused = await service.PostAsync("/shap", $$$"""{"text": "a", "{{{Secret}}}": 1, "target": {"label": []}}""");

        var line = await service.Logs.WaitForAsync("/shap", "malformed-request");
        Assert.Contains("\"Fields\":\"(unknown),target.label\"", line, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lines_that_failed_are_logged_by_their_numbers_and_counted()
    {
        await using var service = new FakeService();
        using var stream = await service.PostAsync("/lime", "{\"text\": \"a\"}\n\n{\n{\"text\": \"b\"}\n[]\n", "application/x-ndjson");
        await stream.Content.ReadAsStringAsync();

        await service.Logs.WaitForAsync("/lime", "\"FailedNumbers\":\"3,5\"");
        await service.MetricsAsync("""explain_failed_lines_total\{route="/lime"\} 2\n""");
    }

    [Theory]
    [InlineData(500, "\"@l\":\"Error\"")]
    [InlineData(503, "\"@l\":\"Warning\"")]
    public async Task A_failure_has_the_level_that_fits(int status, string level)
    {
        await using var service = new FakeService();
        service.Explainer.Answer = (_, _, _) =>
            throw (status == 500 ? (Exception)new FormatException() : new InsufficientMemoryException());
        using var failed = await service.PostAsync("/shap", """{"text": "a"}""");

        await service.Logs.WaitForAsync("/shap", level, $"\"Status\":{status}");
    }

    [Fact]
    public async Task Every_answer_bears_the_id_that_finds_it_in_the_log()
    {
        await using var service = new FakeService();
        using var fine = await service.PostAsync("/shap", """{"text": "a"}""");
        using var wrong = await service.PostAsync("/shap", "{");

        await service.Logs.WaitForAsync("/shap", "\"Status\":200", fine.Headers.GetValues("X-Trace-Id").Single());
        Assert.Equal((await wrong.ProblemAsync(400)).TraceId, wrong.Headers.GetValues("X-Trace-Id").Single());
    }

    [Fact]
    public async Task Explanations_are_counted_by_model_method_and_outcome_and_files_are_one_series()
    {
        await using var service = new FakeService();
        using var fine = await service.PostAsync("/occlusion", """{"text": "a"}""");
        service.Explainer.Answer = (_, _, _) => throw new FormatException();
        using var failed = await service.PostAsync("/occlusion", $$"""{"text": "a", "model": "{{Secret}}"}""");
        using var page = await service.Client.GetAsync(new Uri("/", UriKind.Relative));
        using var script = await service.Client.GetAsync(new Uri("/explorer/app.js", UriKind.Relative));
        using var swagger = await service.Client.GetAsync(new Uri("/swagger/index.html", UriKind.Relative));

        var metrics = await service.MetricsAsync(
            """explain_explanations_total\{method="occlusion",model="good",outcome="answered"\} 1\n""",
            """explain_explanations_total\{method="occlusion",model="\(none\)",outcome="internal-error"\} 1\n""",
            """explain_requests_total\{method="GET",route="\(static\)",status="200"\} [1-9]"""
        );
        Assert.DoesNotContain("route=\"/explorer", metrics, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, metrics, StringComparison.Ordinal);
    }
}
