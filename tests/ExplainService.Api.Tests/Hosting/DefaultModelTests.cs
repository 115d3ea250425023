using ExplainService.Api.Tests.Fakes;
using ExplainService.Methods.Predictions;

namespace ExplainService.Api.Tests.Hosting;

/// <summary>Which model answers requests that name none, in a directory of the operator's own.</summary>
public sealed class DefaultModelTests
{
    [Theory]
    [InlineData(new[] { "a" }, "a")]
    [InlineData(new[] { "a", "b" }, null)]
    [InlineData(new[] { "a", "minilm-sst2" }, "minilm-sst2")]
    public async Task The_default_is_the_only_model_else_the_bundled_one_where_it_is_there(string[] models, string? expected)
    {
        await using var service = new OwnModels(models);

        var list = await service.ModelsAsync();

        Assert.Equal(expected, list.Default);
        Assert.Null(list.Error);
        using var answer = await service.PredictAsync();
        if (expected is not null)
        {
            Assert.Equal(expected, (await answer.ReadAsync<PredictAnswer>()).Model);
            return;
        }

        Assert.Equal("There are several models and no default: name one of a, b.", (await answer.ProblemAsync(404)).Detail);
        Assert.DoesNotContain(service.Logs.Lines, line => line.Contains("\"@l\":\"Error\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_operator_s_choice_comes_before_the_bundled_model()
    {
        await using var service = new OwnModels(["a", "minilm-sst2"], ("Models:Default", "a"));

        Assert.Equal("a", (await service.ModelsAsync()).Default);
    }

    [Theory]
    [InlineData("a")]
    [InlineData("a", "minilm-sst2")]
    public async Task A_chosen_default_that_is_not_there_is_said_and_never_replaced(params string[] models)
    {
        await using var service = new OwnModels(models, ("Models:Default", "c"));
        var reason = "Models:Default is 'c', and Models:Directory holds no such model";

        var list = await service.ModelsAsync();

        Assert.Null(list.Default);
        Assert.Equal(reason, list.Error);
        using var answer = await service.PredictAsync();
        Assert.Equal(reason + ".", (await answer.ProblemAsync(404)).Detail);
        await service.Logs.WaitForAsync("\"@l\":\"Error\"", reason);
    }

    [Fact]
    public async Task The_start_says_where_models_are_read_from()
    {
        await using var service = new OwnModels(["a", "b"], ("Models:Default", "b"));

        await service.Logs.WaitForAsync($"\"Directory\":\"{service.Directory}\",\"Models\":\"a, b\",\"Model\":\"b\"");
    }

    [Fact]
    public async Task The_start_looks_into_no_folder_before_the_port_is_open()
    {
        await using var service = new FakeService();

        await service.Logs.WaitForAsync("\"Models\":\"broken, good\"");
        Assert.Equal(0, service.Models.Listings);
    }

    [Theory]
    [InlineData("", "Models:Directory holds no model")]
    [InlineData("/no/such/folder", "Models:Directory is not there")]
    public async Task A_directory_without_models_is_said_by_name(string missing, string reason)
    {
        await using var service = missing.Length == 0 ? new OwnModels([]) : new OwnModels([], ("Models:Directory", missing));

        Assert.Equal(reason, (await service.ModelsAsync()).Error);
        await service.Logs.WaitForAsync(
            "\"@l\":\"Error\"",
            $"\"Directory\":\"{(missing.Length == 0 ? service.Directory : missing)}\",\"Reason\":\"{reason}\""
        );
    }
}
