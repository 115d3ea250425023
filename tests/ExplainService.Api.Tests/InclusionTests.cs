using ExplainService.Methods.Inclusion;
using ExplainService.Methods.Occlusion;
using ExplainService.Methods.Shapley;

namespace ExplainService.Api.Tests;

/// <summary>What a unit is worth alone.</summary>
public sealed class InclusionTests(Service service) : IClassFixture<Service>
{
    [Fact]
    public async Task A_text_of_one_unit_is_worth_what_occlusion_takes_away()
    {
        var text = new { text = "gripping" };

        var alone = await service.AskAsync<InclusionAnswer>("/inclusion", text);
        var without = await service.AskAsync<OcclusionAnswer>("/occlusion", text);

        Assert.Equal(without.Units[0].Score!.Value, alone.Units[0].Score!.Value, 1e-6);
        Assert.Equal(without.Value - without.Units[0].Score!.Value, alone.BaseValue, 1e-6);
    }

    [Fact]
    public async Task Of_two_units_inclusion_and_occlusion_meet_in_the_Shapley_value()
    {
        var text = new { text = "not gripping" };

        var inclusion = await service.AskAsync<InclusionAnswer>("/inclusion", text);
        var occlusion = await service.AskAsync<OcclusionAnswer>("/occlusion", text);
        var shap = await service.AskAsync<ShapAnswer>("/shap", text);

        Assert.Equal(shap.BaseValue, inclusion.BaseValue, 1e-6);
        for (var unit = 0; unit < 2; unit++)
        {
            var mean = (inclusion.Units[unit].Score!.Value + occlusion.Units[unit].Score!.Value) / 2;
            Assert.Equal(shap.Units[unit].Score!.Value, mean, 1e-5);
        }
    }
}
