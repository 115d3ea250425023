namespace ExplainService.Graph.Gradients;

/// <summary>Which backward rules a form is made with (methods.md, Relevance).</summary>
public enum GradientVariant
{
    /// <summary>Those of calculus.</summary>
    Plain,

    /// <summary>
    /// Attention, scales of norms, slopes of activations and gates stand still, so that f is affine in all that is added to the residual
    /// stream (Ali et al. 2022; Modarressi et al. 2023).
    /// </summary>
    CpLrp,

    /// <summary>Attention moves; a product of two moving values gives each a half (Achtibat et al. 2024).</summary>
    AttnLrp,
}
