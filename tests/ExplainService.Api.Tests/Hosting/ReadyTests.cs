using System.Net;
using System.Runtime.Versioning;
using ExplainService.Api.Tests.Access;
using ExplainService.Api.Tests.Fakes;
using ExplainService.Runtime;
using ExplainService.Testing;

namespace ExplainService.Api.Tests.Hosting;

/// <summary><c>/health/ready</c> is what lets a rollout pass: a service that could not do its work is not ready, and says why.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class ReadyTests
{
    [Theory]
    [InlineData("broken", "Model 'broken' cannot be served: model.onnx: the protobuf ends too early")]
    [InlineData("nobody", "there is no model \"nobody\"; there are broken, good")]
    [InlineData("good, broken", "Model 'broken' cannot be served: model.onnx: the protobuf ends too early")]
    public async Task A_model_to_preload_that_cannot_be_served_keeps_the_service_unready_and_alive(string preload, string reason)
    {
        await using var service = new FakeService(settings: ("Models:Preload", preload));

        await UnreadyAsync(service.Client, reason);

        using var live = await service.Client.GetAsync(new Uri("/health/live", UriKind.Relative));
        Assert.Equal(HttpStatusCode.OK, live.StatusCode);
        using var answer = await service.PostAsync("/predict", """{"text": "a"}""");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Theory]
    [InlineData("broken")]
    [InlineData("nobody")]
    public async Task Where_there_are_keys_a_probe_without_one_is_told_of_no_model(string preload)
    {
        await using var service = new GuardedService([("Models:Preload", preload), .. TestKeys.Settings(0, "ann")]);

        foreach (var path in new[] { "/health/ready", "/v2/health/ready", "/ping" })
        {
            string body = "";
            await Patience.UntilAsync(async () =>
            {
                using var answer = await service.SendAsync("GET", path);
                Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
                body = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
                return body.Contains("GET /models and the log say why", StringComparison.Ordinal);
            });
            Assert.All(["broken", "good", "nobody"], name => Assert.DoesNotContain(name, body, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task A_broken_model_that_nobody_counts_on_is_no_hindrance()
    {
        await using var service = new OwnModels(["a", "b"], ("Models:Default", "a"));
        File.Delete(Path.Combine(service.Directory, "b", "model.onnx"));

        Assert.Equal(ModelState.Broken, (await service.ModelsAsync()).Models[1].State);
        await ReadyAsync(service.Client);
    }

    [Fact]
    public async Task A_directory_without_models_is_not_ready_until_it_has_one()
    {
        await using var service = new OwnModels([]);
        await UnreadyAsync(service.Client, "Models:Directory holds no model");

        service.Add("a");

        await ReadyAsync(service.Client);
    }

    [Theory]
    [InlineData("Models:Directory", "/no/such/folder", "Models:Directory is not there")]
    [InlineData("Models:Default", "c", "Models:Default is 'c', and Models:Directory holds no such model")]
    public async Task A_wrong_volume_or_default_is_not_ready(string key, string value, string reason)
    {
        await using var service = new OwnModels(["a"], (key, value));

        await UnreadyAsync(service.Client, reason);
    }

    [Fact]
    public async Task A_directory_that_may_not_be_read_is_not_ready_until_it_may()
    {
        Assert.SkipWhen(Environment.IsPrivilegedProcess, "Root may read everything.");
        await using var service = new OwnModels(["a"]);
        await ReadyAsync(service.Client);
        var mode = File.GetUnixFileMode(service.Directory);
        File.SetUnixFileMode(service.Directory, UnixFileMode.None);
        try
        {
            await UnreadyAsync(service.Client, "Models:Directory cannot be read: access is denied");
        }
        finally
        {
            File.SetUnixFileMode(service.Directory, mode);
        }

        await ReadyAsync(service.Client);
    }

    [Fact]
    public async Task A_default_that_was_repaired_is_ready_once_it_is_loaded()
    {
        await using var service = new OwnModels(["a"]);
        await ReadyAsync(service.Client);
        var graph = Path.Combine(service.Directory, "a", "model.onnx");
        var bytes = await File.ReadAllBytesAsync(graph);
        await service.PostAsync("/models/a/unload");
        await File.WriteAllBytesAsync(graph, bytes[..1000]);
        await service.PostAsync("/models/a/load");
        await UnreadyAsync(service.Client, "Model 'a' cannot be served: ");

        await File.WriteAllBytesAsync(graph, bytes);
        await service.PostAsync("/models/a/load");

        await ReadyAsync(service.Client);
    }

    [Fact]
    public async Task A_model_to_preload_that_is_repaired_is_loaded_and_the_service_ready_by_itself()
    {
        byte[] whole = [];
        await using var service = new OwnModels(
            ["a"],
            directory =>
            {
                whole = File.ReadAllBytes(Path.Combine(directory, "a", "model.onnx"));
                File.WriteAllBytes(Path.Combine(directory, "a", "model.onnx"), whole[..1000]);
            }
        );
        await UnreadyAsync(service.Client, "Model 'a' cannot be served: ");

        await File.WriteAllBytesAsync(Path.Combine(service.Directory, "a", "model.onnx"), whole);

        await ReadyAsync(service.Client);
        Assert.Equal(ModelState.Loaded, (await service.ModelsAsync()).Models[0].State);
    }

    [Fact]
    public async Task A_model_to_preload_that_comes_later_makes_the_service_ready()
    {
        await using var service = new OwnModels(["b"], ("Models:Preload", "a,b"));
        await UnreadyAsync(service.Client, "There is no model 'a'.");

        service.Add("a");

        await ReadyAsync(service.Client);
    }

    private static async Task ReadyAsync(HttpClient client)
    {
        var answer = "";
        await Patience.UntilAsync(
            async () =>
            {
                using var response = await client.GetAsync(new Uri("/health/ready", UriKind.Relative));
                answer = await response.Content.ReadAsStringAsync();
                return response.IsSuccessStatusCode;
            },
            () => answer
        );
    }

    private static async Task UnreadyAsync(HttpClient client, string reason)
    {
        string? detail = null;
        await Patience.UntilAsync(async () =>
        {
            using var response = await client.GetAsync(new Uri("/health/ready", UriKind.Relative));
            detail = (await response.ProblemAsync(503)).Detail;
            return detail != "Models are being loaded.";
        });
        Assert.StartsWith(reason, detail, StringComparison.Ordinal);
    }
}
