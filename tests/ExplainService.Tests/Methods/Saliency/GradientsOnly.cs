using ExplainService.Runtime;

namespace ExplainService.Tests.Methods.Saliency;

/// <summary>A model that can be differentiated and nothing else: what a gradient attribution asks for.</summary>
internal abstract class GradientsOnly : IModelRunner
{
    /// <inheritdoc/>
    public ModelDescription Model => throw new NotSupportedException();

    /// <inheritdoc/>
    public abstract float[] Embed(ReadOnlySpan<int> ids, bool decoder = false);

    /// <inheritdoc/>
    public abstract IAsyncEnumerable<GradientResult> GradientAsync(
        IEnumerable<GradientRow> rows,
        GradientSpec spec,
        WorkOptions work,
        CancellationToken cancellationToken
    );

    /// <inheritdoc/>
    public virtual ReadOnlySpan<float> EmbeddingLines(int first, Span<float> buffer, bool decoder = false) =>
        throw new NotSupportedException();

    /// <inheritdoc/>
    public virtual ReadOnlySpan<float> MeanEmbedding(bool decoder = false) => throw new NotSupportedException();

    /// <inheritdoc/>
    public Task<FastQuality> FastAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    /// <inheritdoc/>
    public IAsyncEnumerable<Logits> PredictAsync(IEnumerable<ModelRow> rows, WorkOptions work, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    /// <inheritdoc/>
    public IAsyncEnumerable<TResult> TapAsync<TResult>(
        IEnumerable<ModelRow> rows,
        ModelTap<TResult> tap,
        WorkOptions work,
        CancellationToken cancellationToken
    )
        where TResult : class => throw new NotSupportedException();

    /// <inheritdoc/>
    public IAsyncEnumerable<Logits> AblateAsync(
        IEnumerable<AblatedRow> rows,
        AblationSpec spec,
        WorkOptions work,
        CancellationToken cancellationToken
    ) => throw new NotSupportedException();

    /// <inheritdoc/>
    public IAsyncEnumerable<float[]> ZeroValuesAsync(IEnumerable<AblatedRow> rows, WorkOptions work, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    /// <inheritdoc/>
    public IAsyncEnumerable<Logits> ReadStreamAsync(IEnumerable<StreamRow> rows, WorkOptions work, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    /// <inheritdoc/>
    public Task<IReadOnlyList<int>> GenerateAsync(
        TokenRow prompt,
        int maxNewTokens,
        WorkOptions work,
        CancellationToken cancellationToken
    ) => throw new NotSupportedException();
}
