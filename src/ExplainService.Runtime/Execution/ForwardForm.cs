namespace ExplainService.Runtime.Execution;

/// <summary>The forward form as it runs.</summary>
/// <param name="Workload">Rows to logits.</param>
/// <param name="Compatibility">Which rows share a batch without changing each other's numbers.</param>
internal sealed record ForwardRun(PredictWorkload Workload, BatchCompatibility Compatibility);

/// <summary>A model's own function, ids to logits, and what its rows bear.</summary>
internal sealed class ForwardForm
{
    private readonly FormContext context;
    private readonly Once<ForwardRun> run;

    public ForwardForm(FormContext context)
    {
        this.context = context;
        run = new Once<ForwardRun>(MakeAsync);
    }

    /// <summary>What has been made, or is being made.</summary>
    public IEnumerable<Task> Made => run.Made;

    /// <summary>The form, warm.</summary>
    /// <exception cref="ModelNotUsableException">Its output holds no logits of classes.</exception>
    public Task<ForwardRun> GetAsync() => run.GetAsync();

    /// <summary>
    /// Which rows share a batch of a form that looks inside the model: those that share one of the model, unless the model itself rounds by
    /// the batch, of which its dequantised forms know nothing. What has nothing that could be compared is computed alone.
    /// </summary>
    /// <param name="compute">What the form computes of each row of a batch.</param>
    public async Task<BatchCompatibility> CompatibilityInsideAsync(Func<TokenRow[], IEnumerable<float[]>> compute) =>
        context.Report.RoundsByBatch ? BatchInvarianceProbe.Of(compute, context.Examples.Row, context.Limits)
        : context.Config.Task == ModelTask.FeatureExtraction && context.Config.Pooling.Problem is not null ? BatchCompatibility.Alone
        : (await GetAsync().ConfigureAwait(false)).Compatibility;

    private async Task<ForwardRun> MakeAsync()
    {
        var (limits, layout, report) = (context.Limits, context.Layout, context.Report);
        var session = await context.Sessions.GetAsync("forward", context.Compiler.Forward).ConfigureAwait(false);
        var probe = new PredictWorkload($"{context.Name}/probe", session, limits, layout, 1, 0);
        var compatibility = BatchInvarianceProbe.Of(probe, context.Examples.Row, limits, report);
        if (probe.ClassesVary && !layout.IsSpans)
        {
            throw new ModelNotUsableException("The graph's output has as many columns as a text has tokens: they are not class logits.");
        }

        var workload = new PredictWorkload($"{context.Name}/forward", session, limits, layout, 1, context.CacheBytes)
        {
            EqualLengths = compatibility != BatchCompatibility.Any,
            EosGrouping = EosGrouping(probe),
        };

        // A dynamically quantised graph rounds by the largest numbers of whatever runs together, so that even rows of one length change
        // each other's: a text's score would depend on what else is asked. Its rows run alone; its other forms are dequantised.
        context.WarmUp.Forward(workload, report.RoundsByBatch ? BatchCompatibility.Alone : compatibility);
        return new ForwardRun(workload, compatibility);
    }

    private EosCountGrouping? EosGrouping(PredictWorkload probe) =>
        context.Config.Task == ModelTask.TextClassification
        && context.Limits.Picture is null
        && context.Examples.EndToken is { } end
        && !BatchInvarianceProbe.MixesEnds(probe, context.Examples.Row, end, context.Report)
            ? new EosCountGrouping(end)
            : null;
}
