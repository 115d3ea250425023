using System.Net;
using System.Text.Json.Nodes;
using ExplainService.Api.Contracts;
using ExplainService.Api.Tests.Fakes;
using ExplainService.Runtime;
using ExplainService.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ExplainService.Api.Tests.Http;

/// <summary>Models, health, shutdown and measurements.</summary>
public sealed class OperationTests
{
    [Fact]
    public async Task Models_are_listed_with_what_is_wrong_with_broken_ones()
    {
        await using var service = new FakeService();

        var list = await (await service.Client.GetAsync("/models")).ReadAsync<ModelList>();

        Assert.Equal("good", list.Default);
        Assert.Equal(["broken", "good"], list.Models.Select(model => model.Name));
        Assert.Equal("model.onnx: the protobuf ends too early", list.Models[0].Error);
        Assert.Equal(ModelState.Broken, list.Models[0].State);
    }

    [Fact]
    public async Task A_model_says_what_it_is_and_what_it_supports()
    {
        await using var service = new FakeService();
        using var load = await service.PostAsync("/models/good/load", []);

        var model = await service.Client.ModelAsync("good");

        Assert.Equal(HttpStatusCode.OK, load.StatusCode);
        Assert.Equal(ModelTask.TextClassification, model.Task);
        Assert.Equal(ModelState.Loaded, model.State);
        Assert.Equal(["negative", "positive"], model.Labels);
        Assert.Equal(512, model.Limits!.MaxTokens);
        Assert.Equal(6, model.Limits.AttentionLayers.Self);
        Assert.Equal(64, model.FileHash!.Length);
        Assert.True(model.Supports!["predict"].Supported);
        Assert.Equal("node 7 (Frobnicate) has no gradient", model.Supports["saliency.gradient"].Reason);
    }

    [Fact]
    public async Task Models_are_loaded_and_unloaded_at_run_time()
    {
        await using var service = new FakeService();

        var loaded = await (await service.PostAsync("/models/good/load", [], null)).ReadAsync<ModelAnswer>();
        Assert.Equal(ModelState.Loaded, loaded.State);
        var unloaded = await (await service.PostAsync("/models/good/unload", [], null)).ReadAsync<ModelAnswer>();
        Assert.Equal(ModelState.Available, unloaded.State);
        await (await service.PostAsync("/models/broken/load", [], null)).ProblemAsync(422);
        await (await service.PostAsync("/models/nobody/load", [], null)).ProblemAsync(404);
        await (await service.Client.GetAsync("/models/nobody")).ProblemAsync(404);
    }

    [Fact]
    public async Task The_service_is_live_at_once_and_ready_when_its_models_are()
    {
        await using var service = new FakeService(loaded: false);

        Assert.Equal("live", (await (await service.Client.GetAsync("/health/live")).ReadAsync<LiveAnswer>()).Status);
        await (await service.Client.GetAsync("/health/ready")).ProblemAsync(503);
        service.Models.Loading.SetResult();

        Assert.Equal("ready", (string?)(await WaitForAsync(service, "/health/ready", HttpStatusCode.OK))["status"]);
    }

    [Fact]
    public async Task A_shutdown_finishes_what_runs_and_refuses_what_comes()
    {
        await using var service = new FakeService();
        var (started, finish) = (new TaskCompletionSource(), new TaskCompletionSource());
        service.Explainer.Answer = async (request, _, _) =>
        {
            started.TrySetResult();
            await finish.Task;
            return FakeExplainer.Echo(request);
        };
        await WaitForAsync(service, "/health/ready", HttpStatusCode.OK);
        var running = service.PostAsync("/shap", """{"text": "a"}""");
        await started.Task;

        var stopping = service.Services.GetRequiredService<IHost>().StopAsync(TestContext.Current.CancellationToken);

        var ready = await WaitForAsync(service, "/health/ready", HttpStatusCode.ServiceUnavailable);
        Assert.Equal("The service is shutting down.", (string?)ready["detail"]);
        var metrics = await service.Client.GetStringAsync(new Uri("/metrics", UriKind.Relative));
        Assert.Contains("explain_requests_running ", metrics, StringComparison.Ordinal);
        using var refused = await service.PostAsync("/predict", """{"text": "a"}""");
        await refused.ProblemAsync(503);
        Assert.NotNull(refused.Headers.RetryAfter);
        Assert.True(refused.Headers.ConnectionClose);
        Assert.False(stopping.IsCompleted);
        finish.SetResult();
        using var finished = await running;
        Assert.Equal(HttpStatusCode.OK, finished.StatusCode);
        await stopping.WaitAsync(Patience.Ample, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Requests_are_counted_for_Prometheus()
    {
        await using var service = new FakeService();
        service.Explainer.Answer = (request, work, _) =>
        {
            work.Meter.Add(7, 70);
            return Task.FromResult(FakeExplainer.Echo(request));
        };
        using var fine = await service.PostAsync("/lime", """{"text": "a"}""");
        using var wrong = await service.PostAsync("/lime", "{");

        // Another service of this test run counts its own.
        var text = await service.MetricsAsync(
            """explain_requests_total\{method="POST",route="/lime",status="200"\} 1\n""",
            """explain_requests_total\{method="POST",route="/lime",status="400"\} 1\n""",
            """explain_rows_total\{route="/lime"\} 7\n""",
            """explain_request_duration_seconds_bucket\{route="/lime",le="\+Inf"\} 2\n""",
            "dotnet_process_memory_working_set_bytes(\\{\\})? [1-9]"
        );

        Assert.All(
            text.Split('\n', StringSplitOptions.RemoveEmptyEntries),
            line => Assert.Matches("""^(# (HELP|TYPE) \w+ .+|\w+(\{(\w+="[^"]*"(,\w+="[^"]*")*)?\})? -?[0-9.E+-]+)$""", line)
        );
    }

    private static async Task<JsonNode> WaitForAsync(FakeService service, string path, HttpStatusCode status)
    {
        var (found, answer) = (default(HttpStatusCode), default(JsonNode));
        await Patience.UntilAsync(
            async () =>
            {
                using var response = await service.Client.GetAsync(new Uri(path, UriKind.Relative));
                (found, answer) = (response.StatusCode, await response.JsonAsync());
                return found == status;
            },
            () => $"{path} still answers {found}"
        );
        return answer!;
    }
}
