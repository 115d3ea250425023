using ExplainService.Methods.Contracts;
using ExplainService.Methods.Predictions;
using ExplainService.Methods.Saliency;

namespace ExplainService.Api.Tests;

/// <summary>One gradient of the text shows the prediction too: the model runs once for the whole request.</summary>
public sealed class OnePassTests(RowTimedService service) : IClassFixture<RowTimedService>
{
    private const string Text = "a gripping, funny film!";

    [Theory]
    [InlineData("gradient")]
    [InlineData("input_x_gradient")]
    [InlineData("cp_lrp")]
    [InlineData("attn_lrp")]
    public async Task A_class_is_predicted_and_explained_by_one_run(string method)
    {
        foreach (var target in new object?[] { null, new { label = "negative" } })
        {
            var before = service.Rows;
            var answer = await service.AskAsync<SaliencyAnswer>(
                "/saliency",
                new
                {
                    text = Text,
                    method,
                    target,
                }
            );
            Assert.Equal(1, service.Rows - before);
            Assert.Equal(1, answer.Evaluations);
            Assert.Equal(target is null ? "positive" : "negative", answer.Target!.Label);
            await IsPredictionAsync(answer, new { text = Text });

            // The same in two runs: for every class at once the prediction is made before.
            var all = await service.AskAsync<SaliencyAnswer>(
                "/saliency",
                new
                {
                    text = Text,
                    method,
                    target = new { labels = "all" },
                }
            );
            var own = all.Labels!.Single(label => label.Label == answer.Target.Label).Scores;
            Assert.All(own.Zip(answer.Units.Scores()), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
        }
    }

    [Fact]
    public async Task The_next_token_is_predicted_and_explained_by_one_run()
    {
        var before = service.Rows;
        var request = new { model = "gpt-reviews", text = "This movie is" };
        var answer = await service.AskAsync<SaliencyAnswer>(
            "/saliency",
            new
            {
                request.model,
                request.text,
                method = "input_x_gradient",
            }
        );
        Assert.Equal(1, service.Rows - before);
        await IsPredictionAsync(answer, request);

        before = service.Rows;
        var given = await service.AskAsync<SaliencyAnswer>(
            "/saliency",
            new
            {
                request.model,
                request.text,
                method = "input_x_gradient",
                target = new { token_ids = answer.Target!.TokenIds },
            }
        );
        Assert.Equal(1, service.Rows - before);
        Assert.All(given.Units.Scores().Zip(answer.Units.Scores()), pair => Assert.Equal(pair.First, pair.Second, 1e-6));
    }

    private async Task IsPredictionAsync(Explanation answer, object request)
    {
        var prediction = (await service.AskAsync<PredictAnswer>("/predict", request)).Prediction!;
        Assert.Equal(prediction.Label, answer.Prediction!.Label);
        Assert.All(
            prediction.Labels!.Zip(answer.Prediction.Labels!),
            pair => Assert.Equal(pair.First.Logit!.Value, pair.Second.Logit!.Value, 1e-4)
        );
    }
}
