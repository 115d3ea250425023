using ExplainService.Graph.Forms;
using ExplainService.Runtime.Scheduling;

namespace ExplainService.Runtime.Execution;

/// <summary>A model's tap forms, each made when its tap is first asked for.</summary>
internal sealed class TapForms(FormContext context, ForwardForm forward)
{
    private readonly OnceAsync<object, Workload> workloads = new();

    /// <summary>What has been made, or is being made.</summary>
    public IEnumerable<Task> Made => workloads.Made;

    /// <summary>What runs a tap.</summary>
    /// <exception cref="NotSupportedByModelException">The graph has no such values.</exception>
    public async Task<TapWorkload<TResult>> GetAsync<TResult>(ModelTap<TResult> tap)
        where TResult : class =>
        // A tap's type says what its workload returns, which the key of a memo over all taps cannot.
        (TapWorkload<TResult>)await workloads.GetAsync(tap, async () => await MakeAsync(tap).ConfigureAwait(false)).ConfigureAwait(false);

    private async Task<TapWorkload<TResult>> MakeAsync<TResult>(ModelTap<TResult> tap)
        where TResult : class
    {
        GraphTap values = tap.Values;
        var session = await context.Sessions.GetDerivedAsync(values.Name, () => context.Compiler.Tap(values)).ConfigureAwait(false);
        var probe = Make(BatchCompatibility.Any);
        var compatibility =
            values.IsOfModelItself && context.Report.RoundsByBatch
                ? BatchCompatibility.Alone
                : await forward
                    .CompatibilityInsideAsync(rows => probe.Run(rows, CancellationToken.None).Select(tap.NumbersOf))
                    .ConfigureAwait(false);
        var workload = Make(compatibility);
        context.WarmUp.Tap(workload, compatibility);
        return workload;

        TapWorkload<TResult> Make(BatchCompatibility compatibility) =>
            new($"{context.Name}/{values.Name}", session, context.Limits, tap, 1, context.CacheBytes)
            {
                EqualLengths = compatibility != BatchCompatibility.Any,
            };
    }
}
