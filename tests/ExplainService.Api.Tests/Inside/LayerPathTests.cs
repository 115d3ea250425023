using ExplainService.Methods.Inside;

namespace ExplainService.Api.Tests.Inside;

/// <summary>Layers along a path from a baseline to the text.</summary>
public sealed class LayerPathTests(Service service) : IClassFixture<Service>
{
    private const string Text = "not bad at all";

    [Fact]
    public async Task Steps_of_conductance_are_doubled_until_every_layer_adds_up()
    {
        var rough = await AskAsync(
            new
            {
                method = "conductance",
                text = Text,
                steps = 5,
            }
        );
        var fine = await AskAsync(
            new
            {
                method = "conductance",
                text = Text,
                steps = 5,
                tolerance = rough.CompletenessError / 3,
            }
        );

        Assert.Equal(5, rough.Steps);
        Assert.True(fine.Steps > 5 && fine.CompletenessError <= rough.CompletenessError / 3);
        var sums = fine.Layers.Select(layer => layer.Scores!.Sum()).ToArray();
        Assert.True(sums.Max() - sums.Min() <= 2 * fine.CompletenessError);
    }

    [Fact]
    public async Task What_the_most_steps_do_not_reach_is_said()
    {
        var answer = await AskAsync(
            new
            {
                method = "conductance",
                text = Text,
                steps = 2,
                max_steps = 3,
                tolerance = 1e-12,
                quadrature = "trapezoid",
            }
        );
        Assert.Equal(3, answer.Steps);
        Assert.Contains("above the tolerance", answer.WarningOf("tolerance_not_reached"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cp_lrp")]
    [InlineData("attn_lrp")]
    public async Task Relevance_averaged_over_a_path_that_stays_at_the_text_is_that_of_the_text(string method)
    {
        var once = await AskAsync(new { method, text = Text });
        var still = await AskAsync(
            new
            {
                method,
                text = Text,
                steps = 3,
                baseline = new { text = Text },
            }
        );
        var moved = await AskAsync(
            new
            {
                method,
                text = Text,
                steps = 3,
            }
        );

        Assert.Equal((null, 3), (once.Steps, still.Steps));
        Assert.Equal(once.Frozen, still.Frozen);
        foreach (var (layer, expected) in once.Layers.Index())
        {
            Assert.All(expected.Scores!.Zip(still.Layers[layer].Scores!), scores => Assert.Equal(scores.First, scores.Second, 1e-5));
        }

        Assert.Contains(once.Layers[^1].Scores!.Zip(moved.Layers[^1].Scores!), scores => Math.Abs(scores.First - scores.Second) > 1e-3);
    }

    [Fact]
    public async Task Steps_over_the_most_steps_contradict_each_other()
    {
        var problem = await service.RefuseAsync(
            "/layers",
            """{"text": "a dull film", "method": "conductance", "steps": 9, "max_steps": 8, "tolerance": 0.1}""",
            400
        );
        Assert.Contains("max_steps", problem.Errors!.Keys);
    }

    private Task<LayersAnswer> AskAsync(object request) => service.AskAsync<LayersAnswer>("/layers", request);
}
