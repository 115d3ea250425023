using ExplainService.Runtime;
using ExplainService.Text.Tokenization;

namespace ExplainService.Methods.Targets;

/// <summary>A model that answers some of what it is asked by itself, and hands on the rest.</summary>
/// <param name="model">The model behind it.</param>
internal abstract class StandInModel(ILoadedModel model) : ILoadedModel, IModelRunner
{
    /// <inheritdoc/>
    public ModelDescription Description => model.Description;

    /// <inheritdoc/>
    public Tokenizer Tokenizer => model.Tokenizer;

    /// <inheritdoc/>
    public IModelRunner Runner => this;

    /// <inheritdoc/>
    public IDisposable? TryHold() => model.TryHold();

    /// <inheritdoc/>
    public ModelDescription Model => Behind.Model;

    /// <summary>What answers where this one does not.</summary>
    protected IModelRunner Behind => model.Runner;

    /// <inheritdoc/>
    public virtual IAsyncEnumerable<Logits> PredictAsync(
        IEnumerable<ModelRow> rows,
        WorkOptions work,
        CancellationToken cancellationToken
    ) => Behind.PredictAsync(rows, work, cancellationToken);

    /// <inheritdoc/>
    public virtual IAsyncEnumerable<GradientResult> GradientAsync(
        IEnumerable<GradientRow> rows,
        GradientSpec spec,
        WorkOptions work,
        CancellationToken cancellationToken
    ) => Behind.GradientAsync(rows, spec, work, cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<TResult> TapAsync<TResult>(
        IEnumerable<ModelRow> rows,
        ModelTap<TResult> tap,
        WorkOptions work,
        CancellationToken cancellationToken
    )
        where TResult : class => Behind.TapAsync(rows, tap, work, cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<Logits> AblateAsync(
        IEnumerable<AblatedRow> rows,
        AblationSpec spec,
        WorkOptions work,
        CancellationToken cancellationToken
    ) => Behind.AblateAsync(rows, spec, work, cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<float[]> ZeroValuesAsync(IEnumerable<AblatedRow> rows, WorkOptions work, CancellationToken cancellationToken) =>
        Behind.ZeroValuesAsync(rows, work, cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<Logits> ReadStreamAsync(IEnumerable<StreamRow> rows, WorkOptions work, CancellationToken cancellationToken) =>
        Behind.ReadStreamAsync(rows, work, cancellationToken);

    /// <inheritdoc/>
    public Task<FastQuality> FastAsync(CancellationToken cancellationToken) => Behind.FastAsync(cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<int>> GenerateAsync(
        TokenRow prompt,
        int maxNewTokens,
        WorkOptions work,
        CancellationToken cancellationToken
    ) => Behind.GenerateAsync(prompt, maxNewTokens, work, cancellationToken);

    /// <inheritdoc/>
    public float[] Embed(ReadOnlySpan<int> ids, bool decoder = false) => Behind.Embed(ids, decoder);

    /// <inheritdoc/>
    public ReadOnlySpan<float> EmbeddingLines(int first, Span<float> buffer, bool decoder = false) =>
        Behind.EmbeddingLines(first, buffer, decoder);

    /// <inheritdoc/>
    public ReadOnlySpan<float> MeanEmbedding(bool decoder = false) => Behind.MeanEmbedding(decoder);
}
