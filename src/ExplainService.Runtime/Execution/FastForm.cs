using ExplainService.Graph.Forms;
using ExplainService.Runtime.Sessions;

namespace ExplainService.Runtime.Execution;

/// <summary>A model's int8 form, chosen by comparing with the model on calibration rows.</summary>
internal sealed class FastForm(FormContext context, ForwardForm forward)
{
    private const int CalibrationBatch = 16;

    private readonly OnceAsync<ValueTuple, FastCandidate<PredictWorkload>> candidate = new();

    /// <summary>What has been made, or is being made.</summary>
    public IEnumerable<Task> Made => candidate.Made;

    /// <summary>The form, warm, and how good it is.</summary>
    /// <param name="calibration">The rows that it is compared on.</param>
    /// <exception cref="NotSupportedByModelException">There is none that is good enough.</exception>
    public Task<FastCandidate<PredictWorkload>> GetAsync(Func<IReadOnlyList<TokenRow>> calibration) =>
        candidate.GetAsync(default, () => MakeAsync(calibration()));

    private async Task<FastCandidate<PredictWorkload>> MakeAsync(IReadOnlyList<TokenRow> rows)
    {
        var exact = await forward.GetAsync().ConfigureAwait(false);
        var chosen = FastFormChooser.Choose(
            new FastForms(context.Compiler),
            context.Sessions.Open,
            session => session.Dispose(),
            session => LogitsOf(Make(session, 0), rows, exact.Compatibility),
            LogitsOf(exact.Workload, rows, exact.Compatibility)
        );
        context.Sessions.Keep(chosen.Runs);
        var workload = Make(chosen.Runs, context.CacheBytes);
        context.WarmUp.Forward(workload, exact.Compatibility);
        return new FastCandidate<PredictWorkload>(workload, chosen.Quality);

        PredictWorkload Make(FormSession session, long cacheBytes) =>
            new($"{context.Name}/fast", session, context.Limits, context.Layout, 1, cacheBytes)
            {
                EqualLengths = exact.Workload.EqualLengths,
                EosGrouping = exact.Workload.EosGrouping,
            };
    }

    /// <summary>
    /// In batches of one length only, and alone where rows change each other's numbers. Each takes its turn with the batches of the queue,
    /// which would share the cores with it otherwise, and go on between any two.
    /// </summary>
    private float[] LogitsOf(PredictWorkload workload, IReadOnlyList<TokenRow> rows, BatchCompatibility compatibility)
    {
        var batches = rows.GroupBy(row => row.Ids.Length)
            .SelectMany(alike => alike.Chunk(compatibility == BatchCompatibility.Alone ? 1 : CalibrationBatch));
        return
        [
            .. batches
                .SelectMany(batch => context.Device.RunExclusive(() => workload.Run(batch, CancellationToken.None)))
                .SelectMany(logits => logits.Values),
        ];
    }
}
