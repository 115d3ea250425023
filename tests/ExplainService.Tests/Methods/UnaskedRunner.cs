using ExplainService.Runtime;

namespace ExplainService.Tests.Methods;

/// <summary>A model that may be asked nothing: fakes answer what they are about.</summary>
internal abstract class UnaskedRunner : IModelRunner
{
    /// <inheritdoc/>
    public virtual ModelDescription Model => throw new NotSupportedException();

    /// <inheritdoc/>
    public virtual float[] Embed(ReadOnlySpan<int> ids, bool decoder = false) => throw new NotSupportedException();

    /// <inheritdoc/>
    public virtual IAsyncEnumerable<GradientResult> GradientAsync(
        IEnumerable<GradientRow> rows,
        GradientSpec spec,
        WorkOptions work,
        CancellationToken cancellationToken
    ) => throw new NotSupportedException();

    /// <inheritdoc/>
    public virtual ReadOnlySpan<float> EmbeddingLines(int first, Span<float> buffer, bool decoder = false) =>
        throw new NotSupportedException();

    /// <inheritdoc/>
    public virtual ReadOnlySpan<float> MeanEmbedding(bool decoder = false) => throw new NotSupportedException();

    /// <inheritdoc/>
    public virtual Task<FastQuality> FastAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    /// <inheritdoc/>
    public virtual IAsyncEnumerable<Logits> PredictAsync(
        IEnumerable<ModelRow> rows,
        WorkOptions work,
        CancellationToken cancellationToken
    ) => throw new NotSupportedException();

    /// <inheritdoc/>
    public virtual IAsyncEnumerable<TResult> TapAsync<TResult>(
        IEnumerable<ModelRow> rows,
        ModelTap<TResult> tap,
        WorkOptions work,
        CancellationToken cancellationToken
    )
        where TResult : class => throw new NotSupportedException();

    /// <inheritdoc/>
    public virtual IAsyncEnumerable<Logits> AblateAsync(
        IEnumerable<AblatedRow> rows,
        AblationSpec spec,
        WorkOptions work,
        CancellationToken cancellationToken
    ) => throw new NotSupportedException();

    /// <inheritdoc/>
    public virtual IAsyncEnumerable<float[]> ZeroValuesAsync(
        IEnumerable<AblatedRow> rows,
        WorkOptions work,
        CancellationToken cancellationToken
    ) => throw new NotSupportedException();

    /// <inheritdoc/>
    public virtual IAsyncEnumerable<Logits> ReadStreamAsync(
        IEnumerable<StreamRow> rows,
        WorkOptions work,
        CancellationToken cancellationToken
    ) => throw new NotSupportedException();

    /// <inheritdoc/>
    public virtual Task<IReadOnlyList<int>> GenerateAsync(
        TokenRow prompt,
        int maxNewTokens,
        WorkOptions work,
        CancellationToken cancellationToken
    ) => throw new NotSupportedException();
}
