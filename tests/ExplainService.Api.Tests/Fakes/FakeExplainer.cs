using ExplainService.Methods;
using ExplainService.Methods.Contracts;
using ExplainService.Methods.Pipeline;
using ExplainService.Methods.Saliency;
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
