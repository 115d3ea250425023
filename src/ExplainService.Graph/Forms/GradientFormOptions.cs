using ExplainService.Graph.Gradients;

namespace ExplainService.Graph.Forms;

/// <summary>The function of the logits that a gradient form differentiates.</summary>
public enum FormObjective
{
    /// <summary>Sum of the target's logits.</summary>
    Logit,

    /// <summary>Product of the target's probabilities.</summary>
    Probability,

    /// <summary>Sum of the target's log-probabilities.</summary>
    LogProbability,
}

/// <summary>How logits become probabilities.</summary>
public enum FormLink
{
    /// <summary>Softmax over the columns.</summary>
    Softmax,

    /// <summary>Sigmoid of every column.</summary>
    Sigmoid,

    /// <summary>None: the logit is the answer.</summary>
    Identity,
}

/// <summary>Which gradient form.</summary>
/// <param name="Objective">The function of the logits.</param>
/// <param name="Link">How logits become probabilities.</param>
/// <param name="Relevance">Also Σ_h w_h (∂f/∂A ⊙ A)⁺ of every self-attention layer; of the plain gradient alone.</param>
/// <param name="Variant">By which backward rules.</param>
public sealed record GradientFormOptions(
    FormObjective Objective,
    FormLink Link,
    bool Relevance = false,
    GradientVariant Variant = GradientVariant.Plain
)
{
    /// <summary>
    /// f is the cosine of the outputs of two texts, which stand beside each other in a batch; then neither objective, link nor targets say
    /// anything.
    /// </summary>
    public bool Pairs { get; init; }

    /// <summary>Values inside the model whose contributions are shown too.</summary>
    public FormPoints Points { get; init; }

    /// <summary>f is the difference between two targets; not of probabilities.</summary>
    public bool Contrast { get; init; }

    /// <summary>The form's name.</summary>
    public string FormName =>
        $"gradient/{(Pairs ? "cosine" : $"{Objective}/{Link}")}{(Contrast ? "/contrast" : "")}{(Relevance ? "/relevance" : "")}{(Variant == GradientVariant.Plain ? "" : $"/{Variant}")}{(Points == FormPoints.None ? "" : $"/{Points}")}";
}
