using ExplainService.Api.Tests.Fakes;
using ExplainService.Runtime;
using Microsoft.Extensions.DependencyInjection;

namespace ExplainService.Api.Tests.Telemetry;

/// <summary>The log tells what became of the models, whoever caused it.</summary>
public sealed class ModelLogTests
{
    [Fact]
    public async Task A_model_that_a_request_loads_and_its_owner_unloads_is_said()
    {
        await using var service = new OwnModels(["a"], ("Models:Preload", ""));

        using var answer = await service.PredictAsync();
        await service.PostAsync("/models/a/unload");

        await service.Logs.WaitForAsync("Model \\\"a\\\" loaded in ", "\"Model\":\"a\",\"ElapsedMs\":");
        await service.Logs.WaitForAsync("Model \\\"a\\\" unloaded");
        await service.Logs.WaitForAsync("\"Route\":\"/models/{id}/unload\",\"Status\":200", "\"Model\":\"a\"");
    }

    [Fact]
    public async Task A_model_that_does_not_load_is_said_once_with_the_reason()
    {
        await using var service = new OwnModels(["a"], ("Models:Preload", ""));
        await File.WriteAllTextAsync(Path.Combine(service.Directory, "a", "model.onnx"), "garbage");

        await service.PostAsync("/models/a/load");
        using var answer = await service.PredictAsync();
        await service.PostAsync("/models/a/load");

        await answer.ProblemAsync(422);
        await service.Logs.WaitForAsync("\"Route\":\"/models/{id}/load\",\"Status\":422", "\"Model\":\"a\"");
        var line = Assert.Single(service.Logs.Lines, line => line.Contains("\"@l\":\"Error\"", StringComparison.Ordinal));
        Assert.Matches("\"Model\":\"a\",\"Reason\":\"[^\"]*model\\.onnx", line);
    }

    [Fact]
    public async Task A_fault_of_this_service_over_a_model_is_logged_once_with_type_and_stack_and_without_its_message()
    {
        await using var service = new OwnModels(["a"], ("Models:Preload", ""));
        var observer = service.Services.GetRequiredService<IModelObserver>();

        foreach (var _ in Enumerable.Range(0, 2))
        {
            observer.Faulted("a", Thrown());
        }

        await service.Logs.WaitForAsync("\"Model\":\"a\"", "met a fault of this service");
        await service.Logs.WaitForAsync("System.FormatException", nameof(Thrown));
        Assert.Equal(2, service.Logs.Lines.Count(line => line.Contains("\"@l\":\"Error\"", StringComparison.Ordinal)));
        Assert.DoesNotContain(service.Logs.Lines, line => line.Contains("what it was about", StringComparison.Ordinal));
    }

    private static FormatException Thrown()
    {
        try
        {
            throw new FormatException("what it was about");
        }
        catch (FormatException error)
        {
            return error;
        }
    }

    [Fact]
    public async Task A_name_that_is_no_model_s_is_not_logged()
    {
        await using var service = new OwnModels(["a"], ("Models:Preload", ""));

        await service.PostAsync("/models/secret/load");

        await service.Logs.WaitForAsync("\"Route\":\"/models/{id}/load\",\"Status\":404");
        Assert.DoesNotContain(service.Logs.Lines, line => line.Contains("secret", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_model_to_preload_that_is_not_there_is_said()
    {
        await using var service = new OwnModels(["a"], ("Models:Preload", "b"));

        await service.Logs.WaitForAsync("\"@l\":\"Error\"", "\"Model\":\"b\",\"Reason\":\"There is no model 'b'.\"");
    }
}
