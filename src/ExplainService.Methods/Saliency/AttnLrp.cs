using ExplainService.Runtime;

namespace ExplainService.Methods.Saliency;

/// <summary>Relevance through attention too: the two operands of a product get a half each (Achtibat et al. 2024).</summary>
public sealed class AttnLrp : Relevance
{
    /// <inheritdoc/>
    public override string Name => "attn_lrp";

    /// <inheritdoc/>
    public override string Title => "Relevance (AttnLRP)";

    /// <inheritdoc/>
    public override Propagation Propagation => Propagation.AttnLrp;

    /// <inheritdoc/>
    public override ModelFeature Needs => ModelFeature.AttnLrp;
}
