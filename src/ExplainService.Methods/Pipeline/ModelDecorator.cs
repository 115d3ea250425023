using ExplainService.Runtime;
using ExplainService.Text.Tokenization;

namespace ExplainService.Methods.Pipeline;

/// <summary>A model that answers as another does, but for what a derived class answers itself.</summary>
/// <param name="model">The other.</param>
internal abstract class ModelDecorator(ILoadedModel model) : ILoadedModel, IModelRunner
{
    /// <inheritdoc/>
    public virtual ModelDescription Description => model.Description;

    /// <inheritdoc/>
    public Tokenizer Tokenizer => model.Tokenizer;

    /// <inheritdoc/>
    public IModelRunner Runner => this;

    /// <inheritdoc/>
    public ModelDescription Model => Description;

    /// <inheritdoc/>
    public ILoadedModel? Texts => model.Texts;

    /// <summary>What the other computes.</summary>
    protected IModelRunner Inner => model.Runner;

    /// <inheritdoc/>
    public IDisposable? TryHold() => model.TryHold();

    /// <inheritdoc/>
    public Task<IRandomisedModel> RandomiseAsync(int layers, Func<double> gaussian, CancellationToken cancellationToken) =>
        model.RandomiseAsync(layers, gaussian, cancellationToken);

    /// <inheritdoc/>
    public virtual IAsyncEnumerable<Logits> PredictAsync(
        IEnumerable<ModelRow> rows,
        WorkOptions work,
        CancellationToken cancellationToken
    ) => Inner.PredictAsync(rows, work, cancellationToken);

    /// <inheritdoc/>
    public virtual IAsyncEnumerable<GradientResult> GradientAsync(
        IEnumerable<GradientRow> rows,
        GradientSpec spec,
        WorkOptions work,
        CancellationToken cancellationToken
    ) => Inner.GradientAsync(rows, spec, work, cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<TResult> TapAsync<TResult>(
        IEnumerable<ModelRow> rows,
        ModelTap<TResult> tap,
        WorkOptions work,
        CancellationToken cancellationToken
    )
        where TResult : class => Inner.TapAsync(rows, tap, work, cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<Logits> AblateAsync(
        IEnumerable<AblatedRow> rows,
        AblationSpec spec,
        WorkOptions work,
        CancellationToken cancellationToken
    ) => Inner.AblateAsync(rows, spec, work, cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<float[]> ZeroValuesAsync(IEnumerable<AblatedRow> rows, WorkOptions work, CancellationToken cancellationToken) =>
        Inner.ZeroValuesAsync(rows, work, cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<Logits> ReadStreamAsync(IEnumerable<StreamRow> rows, WorkOptions work, CancellationToken cancellationToken) =>
        Inner.ReadStreamAsync(rows, work, cancellationToken);

    /// <inheritdoc/>
    public Task<FastQuality> FastAsync(CancellationToken cancellationToken) => Inner.FastAsync(cancellationToken);

    /// <inheritdoc/>
    public virtual Task<IReadOnlyList<int>> GenerateAsync(
        TokenRow prompt,
        int maxNewTokens,
        WorkOptions work,
        CancellationToken cancellationToken
    ) => Inner.GenerateAsync(prompt, maxNewTokens, work, cancellationToken);

    /// <inheritdoc/>
    public virtual float[] Embed(ReadOnlySpan<int> ids, bool decoder = false) => Inner.Embed(ids, decoder);

    /// <inheritdoc/>
    public ReadOnlySpan<float> EmbeddingLines(int first, Span<float> buffer, bool decoder = false) =>
        Inner.EmbeddingLines(first, buffer, decoder);

    /// <inheritdoc/>
    public ReadOnlySpan<float> MeanEmbedding(bool decoder = false) => Inner.MeanEmbedding(decoder);
}
