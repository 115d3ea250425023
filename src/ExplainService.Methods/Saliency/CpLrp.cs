using ExplainService.Runtime;

namespace ExplainService.Methods.Saliency;

/// <summary>
/// Relevance with attention, norms, slopes and gates as constants: f is then affine in all that is added to the residual stream
/// (Ali et al. 2022; Modarressi et al. 2023; Golden 2025; Jafari et al. 2025).
/// </summary>
public sealed class CpLrp : Relevance
{
    /// <inheritdoc/>
    public override string Name => "cp_lrp";

    /// <inheritdoc/>
    public override string Title => "Relevance (CP-LRP)";

    /// <inheritdoc/>
    public override Propagation Propagation => Propagation.CpLrp;

    /// <inheritdoc/>
    public override ModelFeature Needs => ModelFeature.CpLrp;
}
