using ExplainService.Methods;
using ExplainService.Methods.Contracts;
using ExplainService.Methods.Pipeline;
using ExplainService.Methods.Predictions;
using ExplainService.Methods.Saliency;
using ExplainService.Methods.Shapley;
using ExplainService.Runtime;
using Microsoft.Extensions.Time.Testing;

namespace ExplainService.Api.Tests.Fakes;

/// <summary>Answers what a test tells it to; by default an explanation that repeats the request's text.</summary>
internal sealed class FakeExplainer : IExplainer
{
    public Func<ExplainRequest, WorkOptions, CancellationToken, Task<Explanation>> Answer { get; set; } =
        (request, _, _) => Task.FromResult(Echo(request));

    public ExplainRequest? Last { get; private set; }

    /// <summary>As the real one does, on a clock derived from the request's.</summary>
    public async Task<Explanation> ExplainAsync(ExplainRequest request, WorkOptions work, RequestClock clock)
    {
        RequestChecks.Check(request, mayBeBlank: true);
        Last = request;
        using var timed = clock.WithDeadline(new FakeTimeProvider(), null);
        return await Answer(request, work, timed.Stop);
    }

    public IReadOnlyDictionary<string, FeatureSupport> Support(ModelDescription model) =>
        new Dictionary<string, FeatureSupport>
        {
            ["predict"] = new(new SupportedFeature("predict", "Prediction", []), "/predict", null),
            ["saliency.gradient"] = new(
                new SupportedFeature("saliency.gradient", "Gradient", []),
                "/saliency",
                "node 7 (Frobnicate) has no gradient"
            ),
        };

    public static Explanation Echo(ExplainRequest request) => Echo((TextRequest)request);

    /// <summary>An answer of the kind that the request's endpoint gives, with a prediction, of which other services' protocols make theirs.</summary>
    public static Explanation Predicted(ExplainRequest request)
    {
        var echo = Echo((TextRequest)request);
        Explanation answer = request switch
        {
            PredictRequest => new PredictAnswer(),
            ShapRequest => new ShapAnswer
            {
                Granularity = echo.Granularity,
                Units = echo.Units,
                Algorithm = "exact",
                BaseValue = 0.4,
                Value = 0.9,
                Replacement = "mask",
            },
            _ => echo,
        };
        return answer with
        {
            Model = echo.Model,
            Method = echo.Method,
            Objective = Objective.Probability,
            Prediction = new Prediction
            {
                Label = "positive",
                Index = 1,
                Probability = 0.9,
                Labels = [new("positive", 1, 1.1, 0.9), new("negative", 0, -1.1, 0.1)],
            },
        };
    }

    private static SaliencyAnswer Echo(TextRequest request) =>
        new()
        {
            Granularity = "word",
            Model = FakeModels.Good,
            Method = request.GetType().Name,
            Units =
            [
                new UnitAnswer
                {
                    Text = request.Text,
                    Start = 0,
                    End = request.Text.Length,
                    Tokens = [1],
                    Score = 0.5,
                },
            ],
        };
}
