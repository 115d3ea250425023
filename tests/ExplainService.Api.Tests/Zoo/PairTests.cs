using ExplainService.Methods.Contracts;
using ExplainService.Methods.Predictions;

namespace ExplainService.Api.Tests.Zoo;

/// <summary>
/// Two texts, for a model whose tokenizer numbers segments that its graph has no input for (DeBERTa: <c>type_vocab_size</c> 0).
/// </summary>
public sealed class PairTests(ZooService service) : IClassFixture<ZooService>
{
    [Theory]
    [MemberData(nameof(CataloguePaths.ScoringUnits), MemberType = typeof(CataloguePaths))]
    public async Task Both_texts_of_a_pair_are_explained(string path)
    {
        var request = new
        {
            model = "deberta-cls",
            text = "the acting is worse",
            pair = "a gripping, funny film!",
        };
        var prediction = (await service.AskAsync<PredictAnswer>("/predict", request)).Prediction!;
        var answer = await service.AskAsync<UnitExplanation>(path, request);
        Assert.Equal(prediction.Index, answer.Target!.Index);
        var units = answer.Units.ToArray();
        Assert.Equal([false, true], units.Select(unit => unit.In is not null).Distinct());
        Assert.All([false, true], pair => Assert.Contains(units, unit => (unit.In is not null) == pair && unit.Score!.Value != 0));
    }
}
