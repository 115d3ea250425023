using ExplainService.Api.Hosting;
using ExplainService.Methods;
using ExplainService.Methods.Contracts;
using ExplainService.Runtime;
using Microsoft.Extensions.Options;

namespace ExplainService.Api.Pipeline;

/// <summary>Runs one request through the explainer under the server's own time limit.</summary>
internal sealed class ExplanationRunner(IExplainer explainer, IOptions<ServerLimits> limits, TimeProvider time)
{
    /// <summary>One explanation.</summary>
    /// <exception cref="RefusedRequestException">504: the server's limit, not the client's deadline, has passed.</exception>
    public async Task<Explanation> RunAsync(ExplainRequest request, WorkPriority priority, RequestFacts facts, CancellationToken clientLeft)
    {
        using var tooLong = new CancellationTokenSource(TimeSpan.FromSeconds(limits.Value.MaxRequestSeconds), time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(clientLeft, tooLong.Token);
        var work = new WorkOptions { Priority = priority, Precision = request.Precision ?? Precision.Exact, Meter = new WorkMeter(facts.Meter) };
        try
        {
            var explanation = await explainer.ExplainAsync(request, work, stop.Token).ConfigureAwait(false);
            facts.Answered(explanation);
            return explanation;
        }
        catch (OperationCanceledException) when (tooLong.IsCancellationRequested && !clientLeft.IsCancellationRequested)
        {
            throw new RefusedRequestException(
                504, FormattableString.Invariant($"the server's limit of {limits.Value.MaxRequestSeconds} s for one request has passed"));
        }
    }
}
