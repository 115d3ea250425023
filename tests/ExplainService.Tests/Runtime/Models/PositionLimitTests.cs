using System.Text.Json.Nodes;
using ExplainService.Runtime;
using Xunit;

namespace ExplainService.Tests.Runtime.Models;

/// <summary>A text may be as long as the graph has positions for, whatever the configuration says.</summary>
[Slow]
public sealed class PositionLimitTests : IAsyncDisposable
{
    private readonly ModelFolders folders = new();

    public ValueTask DisposeAsync() => folders.DisposeAsync();

    [Theory]
    [InlineData("bert-cls", 96)]
    [InlineData("bert-cls.opset11", 96)]
    [InlineData("bert-cls.O1", 96)]
    [InlineData("bert-cls.dynamo", 96)]
    [InlineData("bert-cls.fp16", 96)]
    [InlineData("bert-cls.int8", 96)]
    [InlineData("distilbert-cls.O2", 96)]
    [InlineData("albert-cls", 96)]
    [InlineData("roberta-cls", 94)]
    [InlineData("roberta-cls.O2", 94)]
    [InlineData("gpt2-lm", 96)]
    [InlineData("gpt2-lm.past", 96)]
    [InlineData("gpt2-lm.dynamo", 96)]
    [InlineData("bart-s2s", 96)]
    public async Task A_table_of_positions_bounds_a_configuration_that_promises_more(string source, int limit)
    {
        foreach (var promised in new int?[] { null, 4096 })
        {
            var name = $"{source}.{promised}";
            folders.Copy(source, name);
            Promise(name, promised);
            var model = await folders.Registry.GetAsync(name, CancellationToken.None);
            Assert.Equal(limit, model.Description.MaxTokens);

            int[] ids = [2, .. Enumerable.Repeat(9, limit - 2), 3];
            int[] decoder = model.Description.DecoderStart is { } start ? [start, .. Enumerable.Repeat(9, limit - 1)] : [];
            var row = new TokenRow
            {
                Ids = ids,
                DecoderIds = decoder,
                OutputPositions = model.Description.Task == ModelTask.TextClassification ? [] : [limit - 1],
            };
            Assert.Single(await model.Runner.PredictAsync([row], new WorkOptions(), CancellationToken.None).ToListAsync());
        }
    }

    [Theory]
    [InlineData("llama-lm")]
    [InlineData("t5-s2s")]
    [InlineData("modernbert-cls")]
    public async Task Positions_that_are_computed_bound_nothing(string source)
    {
        folders.Copy(source, "computed");
        Promise("computed", 4096);
        Assert.Equal(4096, (await folders.Registry.GetAsync("computed", CancellationToken.None)).Description.MaxTokens);
    }

    /// <summary>Writes the number of positions into config.json; without one, takes out all that would tell.</summary>
    private void Promise(string name, int? positions)
    {
        foreach (var file in new[] { "config.json", "tokenizer_config.json" })
        {
            var json = JsonNode.Parse(File.ReadAllText(folders.PathOf(name, file)))!.AsObject();
            foreach (var field in new[] { "max_position_embeddings", "n_positions", "n_ctx", "model_max_length" })
            {
                json.Remove(field);
            }

            if (positions is not null && file == "config.json")
            {
                json["max_position_embeddings"] = positions;
            }

            File.WriteAllText(folders.PathOf(name, file), json.ToJsonString());
        }
    }
}
