using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using ExplainService.Api.Contracts;
using ExplainService.Api.Hosting;
using ExplainService.Api.Tests.Fakes;
using ExplainService.Api.Tests.Zoo;
using ExplainService.Methods.Contracts;
using ExplainService.Runtime;
using ExplainService.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace ExplainService.Api.Tests.Http;

/// <summary>From a folder to a model and back, as operators see it.</summary>
public sealed class ModelLifeTests(ZooService zoo) : IClassFixture<ZooService>
{
    [Fact]
    public async Task A_changed_folder_takes_the_place_of_its_model_and_a_broken_one_does_not()
    {
        await using var service = new OwnModels(["a"]);
        var config = Path.Combine(service.Directory, "a", "config.json");
        var first = await LoadAsync(service);
        Assert.True(first.Memory is { DiskBytes: > 0 } memory && memory.LoadedBytes <= memory.WithFormsBytes);

        await File.WriteAllTextAsync(config, (await File.ReadAllTextAsync(config)).Replace("negative", "bad", StringComparison.Ordinal));
        var second = await LoadAsync(service);
        Assert.Equal(("negative", "bad"), (first.Labels[0], second.Labels[0]));
        Assert.Empty(second.Warnings!);

        await File.WriteAllTextAsync(config, "{");
        using (var refused = await service.Client.PostAsync(new Uri("/models/a/load", UriKind.Relative), null))
        {
            Assert.Contains("config.json", (await refused.ProblemAsync(422)).Detail, StringComparison.Ordinal);
        }

        using (var answer = await service.PredictAsync())
        {
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }

        var entry = (await service.ModelsAsync()).Models[0];
        Assert.Equal((ModelState.Loaded, "bad"), (entry.State, entry.Labels[0]));
        Assert.StartsWith("What is in the folder now cannot be served: config.json", entry.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_clients_ask_for_first_is_there_before_they_ask()
    {
        await using var service = new OwnModels(["a"], ("Models:PrepareForms", "true"));
        await service.Services.GetRequiredService<Rehearsal>().ExecuteTask!.WaitAsync(Patience.Ample);
        var models = service.Services.GetRequiredService<IModelRegistry>();
        var prepared = models.Find("a").Memory!;
        Assert.True(prepared.WithForms > prepared.Loaded);

        foreach (var path in new[] { "/saliency", "/attention", "/occlusion?format=svg", "/occlusion?format=png", "/shap" })
        {
            using var answer = await service.Client.PostAsJsonAsync(path, new { text = "a fun film" });
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }

        Assert.Equal(prepared, models.Find("a").Memory);
    }

    [Theory]
    [InlineData("bert-cls")]
    [InlineData("bert-ner")]
    [InlineData("bert-mlm")]
    [InlineData("gpt2-lm")]
    [InlineData("t5-s2s")]
    public async Task What_is_made_ahead_is_what_requests_without_an_objective_explain(string name)
    {
        var text = name == "bert-mlm" ? "a [MASK] film" : "a fun film";
        using var answer = await zoo.Client.PostAsJsonAsync(
            "/saliency",
            new
            {
                model = name,
                text,
                method = "gradient",
            }
        );
        var model = await zoo.Services.GetRequiredService<IModelRegistry>().GetAsync(name, CancellationToken.None);
        using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        Assert.Equal(EnumNames.Of(model.Description.DefaultObjective), json.RootElement.GetProperty("objective").GetString());
    }

    private static async Task<ModelAnswer> LoadAsync(OwnModels service) =>
        await (await service.Client.PostAsync(new Uri("/models/a/load", UriKind.Relative), null)).ReadAsync<ModelAnswer>();
}
