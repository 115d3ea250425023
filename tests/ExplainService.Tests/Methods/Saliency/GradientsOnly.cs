using ExplainService.Runtime;

namespace ExplainService.Tests.Methods.Saliency;

/// <summary>A model that can be differentiated and nothing else: what a gradient attribution asks for.</summary>
internal abstract class GradientsOnly : UnaskedRunner
{
    /// <inheritdoc/>
    public abstract override float[] Embed(ReadOnlySpan<int> ids, bool decoder = false);

    /// <inheritdoc/>
    public abstract override IAsyncEnumerable<GradientResult> GradientAsync(
        IEnumerable<GradientRow> rows,
        GradientSpec spec,
        WorkOptions work,
        CancellationToken cancellationToken
    );
}
