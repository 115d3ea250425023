using System.Runtime.CompilerServices;
using ExplainService.Graph.Patterns;
using ExplainService.Runtime.Execution;
using ExplainService.Runtime.Scheduling;
using ExplainService.Runtime.Sessions;

namespace ExplainService.Runtime.Models;

/// <summary>A loaded model as methods see it: every call becomes a stream of rows for the scheduler.</summary>
internal sealed class ModelRunner(
    LoadedModel model,
    EmbeddingTable? table,
    EmbeddingTable? decoderTable,
    Scheduler scheduler,
    TimeLimits limits
) : IModelRunner
{
    /// <summary>Of a model of pictures and texts: its rows are texts.</summary>
    public bool ReadsTexts { get; init; }

    /// <inheritdoc/>
    public ModelDescription Model => ReadsTexts ? model.Description.Texts! : model.Description;

    /// <inheritdoc/>
    public IAsyncEnumerable<Logits> PredictAsync(IEnumerable<ModelRow> rows, WorkOptions work, CancellationToken cancellationToken)
    {
        Require(ModelFeature.Predict);
        if (work.Precision == Precision.Exact)
        {
            return Model.Generates && Model.RoundsByBatch
                ? StepRows.PredictAsync(TokenRows(rows), WholeAsync, cancellationToken)
                : WholeAsync(TokenRows(rows));
        }

        Require(ModelFeature.Fast);
        return RunAsync<TokenRow, Logits, PredictWorkload>(
            async forms => (await forms.FastAsync(() => CalibrationRows.Of(model)).ConfigureAwait(false)).Runs,
            TokenRows(rows),
            work,
            cancellationToken
        );

        IAsyncEnumerable<Logits> WholeAsync(IEnumerable<TokenRow> whole) =>
            RunAsync<TokenRow, Logits, PredictWorkload>(forms => forms.PredictAsync(), whole, work, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<FastQuality> FastAsync(CancellationToken cancellationToken)
    {
        try
        {
            Require(ModelFeature.Fast);
            using var lease = await model.UseAsync(cancellationToken).ConfigureAwait(false);
            var quality = (
                await InTimeAsync(lease.Forms.FastAsync(() => CalibrationRows.Of(model)), cancellationToken).ConfigureAwait(false)
            ).Quality;
            model.Fast = new FastState(quality, null);
            return quality;
        }
        catch (NotSupportedByModelException refused) when (refused is { IsLate: false, IsSlow: false })
        {
            model.Fast = new FastState(null, refused.Message);
            throw;
        }
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<GradientResult> GradientAsync(
        IEnumerable<GradientRow> rows,
        GradientSpec spec,
        WorkOptions work,
        CancellationToken cancellationToken
    )
    {
        Require(ModelFeature.Gradient);
        if (spec.Outputs.HasFlag(GradientOutputs.AttentionRelevance))
        {
            Require(ModelFeature.AttentionGradient);
        }

        if (spec.Propagation != Propagation.Gradient)
        {
            Require(spec.Propagation == Propagation.CpLrp ? ModelFeature.CpLrp : ModelFeature.AttnLrp);
        }

        if ((spec.Outputs & (GradientOutputs.Layers | GradientOutputs.LayerStates | GradientOutputs.Heads)) != 0)
        {
            Require(ModelFeature.Layers);
        }

        if (spec.Outputs.HasFlag(GradientOutputs.Neurons))
        {
            Require(ModelFeature.Neurons);
        }

        return RunAsync<GradientRow, GradientResult, GradientWorkload>(forms => forms.GradientAsync(spec), rows, work, cancellationToken);
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<TResult> TapAsync<TResult>(
        IEnumerable<ModelRow> rows,
        ModelTap<TResult> tap,
        WorkOptions work,
        CancellationToken cancellationToken
    )
        where TResult : class
    {
        Require(tap.Feature);
        return RunAsync<TokenRow, TResult, TapWorkload<TResult>>(forms => forms.TapAsync(tap), TokenRows(rows), work, cancellationToken);
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<Logits> AblateAsync(
        IEnumerable<AblatedRow> rows,
        AblationSpec spec,
        WorkOptions work,
        CancellationToken cancellationToken
    )
    {
        Require(ModelFeature.Predict);
        Require(spec.Part == ModelPart.Neuron ? ModelFeature.Neurons : ModelFeature.Layers);
        return RunAsync<AblatedRow, Logits, AblationWorkload>(forms => forms.AblateAsync(spec), rows, work, cancellationToken);
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<float[]> ZeroValuesAsync(IEnumerable<AblatedRow> rows, WorkOptions work, CancellationToken cancellationToken)
    {
        Require(ModelFeature.Layers);
        return RunAsync<AblatedRow, float[], ValueZeroingWorkload>(forms => forms.ZeroValuesAsync(), rows, work, cancellationToken);
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<Logits> ReadStreamAsync(IEnumerable<StreamRow> rows, WorkOptions work, CancellationToken cancellationToken)
    {
        Require(ModelFeature.Predict);
        Require(ModelFeature.Layers);
        return RunAsync<StreamRow, Logits, StreamWorkload>(forms => forms.ReadStreamAsync(), rows, work, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<int>> GenerateAsync(
        TokenRow prompt,
        int maxNewTokens,
        WorkOptions work,
        CancellationToken cancellationToken
    )
    {
        Require(ModelFeature.Predict);
        if (!Model.Generates)
        {
            throw new NotSupportedByModelException(NotSupportedByModelException.GeneratesNoText);
        }

        if (Model.Task == ModelTask.Text2textGeneration && prompt.DecoderIds.Length == 0)
        {
            throw new ArgumentException("A generation begins with the decoder's start token.", nameof(prompt));
        }

        using var lease = await model.UseAsync(cancellationToken).ConfigureAwait(false);
        var limit = Model.MaxTokens;

        // Where numbers depend on what runs together, the tokens are chosen by the same passes that score them.
        var steps = Model.RoundsByBatch ? null : await InTimeAsync(lease.Forms.StepsAsync(), cancellationToken).ConfigureAwait(false);
        if (steps is null)
        {
            var whole = new RepeatedForward(prompt, (row, stop) => PredictAsync([row], work, stop).SingleAsync(stop));
            return await Generator
                .RunAsync(whole, prompt, maxNewTokens, lease.Forms.Generation, limit, cancellationToken)
                .ConfigureAwait(false);
        }

        using var cached = new CachedSteps(prompt, (row, stop) => scheduler.RunAsync(steps, [row], work, stop).SingleAsync(stop));
        return await Generator
            .RunAsync(cached, prompt, maxNewTokens, lease.Forms.Generation, limit, cancellationToken)
            .ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public float[] Embed(ReadOnlySpan<int> ids, bool decoder = false)
    {
        var source = TableOf(decoder);
        var embeddings = new float[ids.Length * source.Size];
        source.Lookup(ids, embeddings);
        return embeddings;
    }

    /// <inheritdoc/>
    public ReadOnlySpan<float> EmbeddingLines(int first, Span<float> buffer, bool decoder = false) => TableOf(decoder).Lines(first, buffer);

    /// <inheritdoc/>
    public ReadOnlySpan<float> MeanEmbedding(bool decoder = false) => TableOf(decoder).Mean();

    private async IAsyncEnumerable<TResult> RunAsync<TRow, TResult, TWorkload>(
        Func<ModelForms, Task<TWorkload>> workload,
        IEnumerable<TRow> rows,
        WorkOptions work,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
        where TRow : class
        where TResult : class
        where TWorkload : Workload<TRow, TResult>
    {
        using var lease = await model.UseAsync(cancellationToken).ConfigureAwait(false);
        var ready = await InTimeAsync(workload(FormsOf(lease)), cancellationToken).ConfigureAwait(false);
        await foreach (var result in scheduler.RunAsync(ready, rows, work, cancellationToken).ConfigureAwait(false))
        {
            yield return result;
        }
    }

    /// <summary>A form, unless its making takes too long; it goes on, for those who come later.</summary>
    private async Task<T> InTimeAsync<T>(Task<T> making, CancellationToken cancellationToken)
    {
        try
        {
            return await making.WaitAsync(limits.Load, limits.Time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException) when (!making.IsCompleted)
        {
            throw new NotSupportedByModelException(
                TimeLimits.Exceeded("The form of the model that this needs was not ready", limits.Load, "LoadSeconds")
            )
            {
                IsLate = true,
            };
        }
    }

    private ModelForms FormsOf(LoadedModel.Lease lease) => ReadsTexts ? lease.Forms.Texts! : lease.Forms;

    private void Require(ModelFeature feature)
    {
        if (Model.Unsupported.TryGetValue(feature, out var reason))
        {
            throw new NotSupportedByModelException(reason);
        }
    }

    private EmbeddingTable TableOf(bool decoder) =>
        (decoder ? decoderTable : table) ?? throw new NotSupportedByModelException(EmbeddingLookup.NotFound);

    private IEnumerable<TokenRow> TokenRows(IEnumerable<ModelRow> rows) =>
        rows as IEnumerable<TokenRow>
        ?? rows.Select(row =>
            row as TokenRow
            ?? throw new ArgumentException($"The model {Model.Name} reads tokens, not a {row.GetType().Name}.", nameof(rows))
        );
}
