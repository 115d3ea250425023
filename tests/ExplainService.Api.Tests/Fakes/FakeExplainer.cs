using ExplainService.Methods;
using ExplainService.Methods.Contracts;
using ExplainService.Runtime;

namespace ExplainService.Api.Tests.Fakes;

/// <summary>Answers what a test tells it to; by default an explanation that repeats the request's text.</summary>
internal sealed class FakeExplainer : IExplainer
{
    public Func<ExplainRequest, WorkOptions, CancellationToken, Task<Explanation>> Answer { get; set; } =
        (request, _, _) => Task.FromResult(Echo(request));

    public ExplainRequest? Last { get; private set; }

    public Task<Explanation> ExplainAsync(ExplainRequest request, WorkOptions work, CancellationToken cancellationToken)
    {
        Last = request;
        return Answer(request, work, cancellationToken);
    }

    public IReadOnlyDictionary<string, string?> Support(ModelDescription model) =>
        new Dictionary<string, string?> { ["predict"] = null, ["saliency.gradient"] = "node 7 (Frobnicate) has no gradient" };

    public static Explanation Echo(ExplainRequest request) =>
        new()
        {
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
