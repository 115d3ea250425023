namespace ExplainService.Api.Tests.Zoo;

/// <summary>
/// Two texts, for a model whose tokenizer numbers segments that its graph has no input for (DeBERTa: <c>type_vocab_size</c> 0).
/// </summary>
public sealed class PairTests(ZooService service) : IClassFixture<ZooService>
{
    [Theory]
    [InlineData("/occlusion")]
    [InlineData("/permutation")]
    [InlineData("/shap")]
    [InlineData("/lime")]
    [InlineData("/saliency")]
    public async Task Both_texts_are_explained(string path)
    {
        var request = new
        {
            model = "deberta-cls",
            text = "the acting is worse",
            pair = "a gripping, funny film!",
        };
        var prediction = (await service.AskAsync("/predict", request)).GetProperty("prediction");
        var answer = await service.AskAsync(path, request);
        Assert.Equal(prediction.GetProperty("index").GetInt32(), answer.GetProperty("target").GetProperty("index").GetInt32());
        var units = answer.GetProperty("units").EnumerateArray().ToArray();
        Assert.Equal([false, true], units.Select(unit => unit.TryGetProperty("in", out _)).Distinct());
        Assert.All(
            [false, true],
            pair => Assert.Contains(units, unit => unit.TryGetProperty("in", out _) == pair && unit.GetProperty("score").GetDouble() != 0)
        );
    }
}
