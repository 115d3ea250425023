using ExplainService.Api.Limits;
using ExplainService.Api.Telemetry;
using ExplainService.Methods;
using ExplainService.Methods.Contracts;
using ExplainService.Protocol.Problems;
using ExplainService.Runtime;
using Microsoft.Extensions.Options;

namespace ExplainService.Api.Pipeline;

/// <summary>Runs one request through the explainer under the server's own time limit.</summary>
internal sealed class ExplanationRunner(IExplainer explainer, Readiness readiness, IOptions<ServerLimits> limits, TimeProvider time)
{
    /// <summary>One explanation.</summary>
    /// <exception cref="InvalidRequestException">400: the deadline is behind that limit.</exception>
    /// <exception cref="RefusedRequestException">504: the server's limit, not the client's deadline, has passed.</exception>
    /// <exception cref="ServiceBusyException">503: the service shuts down and has waited for it as long as it may.</exception>
    public Task<Explanation> RunAsync(ExplainRequest request, WorkPriority priority, RequestFacts facts, CancellationToken clientLeft) =>
        readiness.UntilDrainExpiredAsync(stop => RunLimitedAsync(request, priority, facts, stop), clientLeft);

    private async Task<Explanation> RunLimitedAsync(
        ExplainRequest request,
        WorkPriority priority,
        RequestFacts facts,
        CancellationToken cancellationToken
    )
    {
        CheckDeadline(request);
        using var tooLong = new CancellationTokenSource(TimeSpan.FromSeconds(limits.Value.MaxRequestSeconds), time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, tooLong.Token);
        var work = new WorkOptions
        {
            Priority = priority,
            Precision = request.Precision ?? Precision.Exact,
            Meter = new WorkMeter(facts.Meter),
        };
        try
        {
            var explanation = await explainer.ExplainAsync(request, work, stop.Token).ConfigureAwait(false);
            facts.Answered(explanation);
            return explanation;
        }
        catch (OperationCanceledException) when (tooLong.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new RefusedRequestException(
                504,
                FormattableString.Invariant($"the server's limit of {limits.Value.MaxRequestSeconds} s for one request has passed")
            );
        }
    }

    /// <summary>A deadline behind the server's own limit could not be kept: the best answer so far would never be given.</summary>
    private void CheckDeadline(ExplainRequest request)
    {
        var longest = limits.Value.MaxRequestSeconds * 1000L;
        if (request.DeadlineMs > longest)
        {
            throw InvalidRequestException.Malformed(
                "deadline_ms",
                FormattableString.Invariant(
                    $"must be from 1 to {longest}: after {limits.Value.MaxRequestSeconds} s the server stops a request"
                )
            );
        }
    }
}
