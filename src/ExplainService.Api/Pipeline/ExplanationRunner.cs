using ExplainService.Api.Access;
using ExplainService.Api.Audit;
using ExplainService.Api.Limits;
using ExplainService.Api.Telemetry;
using ExplainService.Methods;
using ExplainService.Methods.Contracts;
using ExplainService.Methods.Pipeline;
using ExplainService.Protocol.Lines;
using ExplainService.Protocol.Problems;
using ExplainService.Runtime;
using Microsoft.Extensions.Options;

namespace ExplainService.Api.Pipeline;

/// <summary>Runs one request through the explainer under the server's own time limit.</summary>
internal sealed class ExplanationRunner(
    IExplainer explainer,
    MethodCatalog catalog,
    IModelRegistry models,
    ServiceMetrics metrics,
    CallerAccounts accounts,
    AuditTrail audit,
    IOptions<ServerLimits> limits,
    TimeProvider time
)
{
    /// <summary>One explanation.</summary>
    /// <exception cref="CallerRefusedException">403: a model that is not the caller's, wherever the request names it; 429: the budget is used up.</exception>
    /// <exception cref="InvalidRequestException">400: the deadline is behind that limit.</exception>
    /// <exception cref="RefusedRequestException">504: the server's limit, not the client's deadline, has passed.</exception>
    /// <exception cref="ServiceBusyException">503: the service shuts down and has waited for it as long as it may.</exception>
    public async Task<Explanation> RunAsync(
        ExplainRequest request,
        WorkPriority priority,
        RequestFacts facts,
        MemoryShare memory,
        RequestClock clock,
        Action<int, int>? progress = null,
        LineTries? tries = null
    )
    {
        var source = new AuditSource(
            facts.Caller?.Id,
            facts.TraceId,
            catalog.For(request).Path,
            tries?.Started ?? time.GetUtcNow(),
            tries?.Before ?? 0
        );
        var method = source.Method.TrimStart('/');
        try
        {
            var explanation = await ExplainAsync(request, priority, facts, memory, clock, progress).ConfigureAwait(false) with
            {
                Id = request.Id,
            };
            if (!facts.IsRehearsal)
            {
                await audit.AnsweredAsync(source, request, explanation, clock.Stop).ConfigureAwait(false);
                metrics.Explained(explanation.Model, method, "answered");
            }

            return explanation;
        }
        catch (Exception exception) when (!facts.IsRehearsal && tries?.IsTriedAgain(exception) != true)
        {
            var outcome = KnownFields.OutcomeOf(exception, clock.ClientLeft);
            metrics.Explained(ModelOf(request), method, outcome);
            audit.Refused(source, request, outcome);
            throw;
        }
    }

    private async Task<Explanation> ExplainAsync(
        ExplainRequest request,
        WorkPriority priority,
        RequestFacts facts,
        MemoryShare memory,
        RequestClock clock,
        Action<int, int>? progress = null
    )
    {
        facts.Caller?.CheckModel(request.Model, models.Default);
        accounts.CheckBudget(facts.Caller);
        CheckDeadline(request);
        using var limited = clock.WithLimit(time, TimeSpan.FromSeconds(limits.Value.MaxRequestSeconds));
        var work = new WorkOptions
        {
            Priority = priority,
            Precision = request.Precision ?? Precision.Exact,
            Meter = new WorkMeter(facts.Meter),
            Memory = memory,
            Progress = progress,
            Access = facts.Caller is { Models: not null } caller
                ? new ModelAccess(caller.MayUse, named => caller.CheckModel(named, models.Default))
                : null,
        };
        var explanation = await limited.UntilStoppedAsync(() => explainer.ExplainAsync(request, work, limited)).ConfigureAwait(false);
        facts.Answered(explanation);
        return explanation;
    }

    /// <summary>The name of a model that there is: any other is whatever a client likes.</summary>
    private string? ModelOf(ExplainRequest request) =>
        (request.Model ?? models.Default) is { } name && models.Names.Contains(name) ? name : null;

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
