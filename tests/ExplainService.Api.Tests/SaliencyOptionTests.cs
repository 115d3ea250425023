using ExplainService.Methods.Saliency;

namespace ExplainService.Api.Tests;

/// <summary>How the options of integrated gradients work together.</summary>
public sealed class SaliencyOptionTests(Service service) : IClassFixture<Service>
{
    private const string Text = "a dull film";

    [Fact]
    public async Task Refinement_starts_at_the_steps_that_the_request_names_however_many()
    {
        var answer = await service.AskAsync<SaliencyAnswer>(
            "/saliency",
            new
            {
                text = Text,
                steps = 500,
                tolerance = 100,
            }
        );
        Assert.Equal(500, answer.Steps);
    }

    [Fact]
    public async Task Refinement_ends_at_the_most_steps()
    {
        var answer = await service.AskAsync<SaliencyAnswer>(
            "/saliency",
            new
            {
                text = Text,
                steps = 4,
                max_steps = 6,
                tolerance = 1e-12,
            }
        );
        Assert.Equal(6, answer.Steps);
        Assert.Contains("above the tolerance", answer.WarningOf("tolerance_not_reached"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Steps_over_the_most_steps_contradict_each_other()
    {
        var problem = await service.RefuseAsync(
            "/saliency",
            """{"text": "a dull film", "steps": 9, "max_steps": 8, "tolerance": 0.1}""",
            400
        );
        Assert.Contains("max_steps", problem.Errors!.Keys);
    }
}
