using System.Numerics;

namespace ExplainService.Runtime;

/// <summary>Which derivatives a gradient batch computes beside f itself and ∂f/∂(word embeddings).</summary>
[Flags]
public enum GradientOutputs
{
    /// <summary>∂f/∂e of every stack of embeddings.</summary>
    Embeddings = 0,

    /// <summary>mean over heads of (∂f/∂A ⊙ A)⁺ for every self-attention layer (Chefer et al. 2021), reduced inside the graph.</summary>
    AttentionRelevance = 1,

    /// <summary>Σ_d h ⊙ ∂f/∂h of the residual stream at every token.</summary>
    Layers = 2,

    /// <summary>The residual stream and ∂f/∂h themselves.</summary>
    LayerStates = 4,

    /// <summary>The inner activations of feed-forward networks, and a ⊙ ∂f/∂a.</summary>
    Neurons = 8,

    /// <summary>Σ |o ⊙ ∂f/∂o| and Σ o ⊙ ∂f/∂o over what each head gives out.</summary>
    Heads = 16,
}

/// <summary>By which rules f is propagated back (methods.md, Relevance).</summary>
public enum Propagation
{
    /// <summary>Those of calculus: the result is a gradient.</summary>
    Gradient,

    /// <summary>Attention, norms, activations and gates stand still (Ali et al. 2022).</summary>
    CpLrp,

    /// <summary>Norms and activations stand still; products of two moving values give each a half (Achtibat et al. 2024).</summary>
    AttnLrp,
}

/// <summary>What all rows of a gradient batch have in common.</summary>
/// <param name="Objective">The function of the logits that is differentiated.</param>
/// <param name="Link">How logits become probabilities.</param>
/// <param name="Outputs">Which derivatives beside the embeddings'.</param>
/// <param name="HeadMask">Bit h: head h counts in the mean of <see cref="GradientOutputs.AttentionRelevance"/>; 0: all heads do.</param>
public sealed record GradientSpec(
    Objective Objective,
    Link Link,
    GradientOutputs Outputs = GradientOutputs.Embeddings,
    BigInteger HeadMask = default
)
{
    /// <summary>By which rules; any but the gradient's own give ∂f/∂e of the graph whose scale factors stand still.</summary>
    public Propagation Propagation { get; init; }

    /// <summary>Whether rows say what f is a difference to; such are logits and log-probabilities.</summary>
    public bool Contrast { get; init; }
}

/// <summary>What values inside a model contribute to f at one point; those that were not asked for are empty.</summary>
public sealed record InsideGradients
{
    /// <summary>Σ_d h ⊙ ∂f/∂h, [layer][tokens]; layer 0 is before the first.</summary>
    public IReadOnlyList<float[]> LayerScores { get; init; } = [];

    /// <summary>h, [layer][tokens × hidden].</summary>
    public IReadOnlyList<float[]> States { get; init; } = [];

    /// <summary>∂f/∂h, [layer][tokens × hidden].</summary>
    public IReadOnlyList<float[]> StateGradients { get; init; } = [];

    /// <summary>a, [layer][tokens × neurons].</summary>
    public IReadOnlyList<float[]> Activations { get; init; } = [];

    /// <summary>a ⊙ ∂f/∂a, [layer][tokens × neurons].</summary>
    public IReadOnlyList<float[]> NeuronScores { get; init; } = [];

    /// <summary>Σ |o ⊙ ∂f/∂o|, [layer][heads].</summary>
    public IReadOnlyList<float[]> HeadImportance { get; init; } = [];

    /// <summary>Σ o ⊙ ∂f/∂o, [layer][heads].</summary>
    public IReadOnlyList<float[]> HeadScores { get; init; } = [];
}

/// <summary>How many parts of a model stood still, or were shared out, on the way back.</summary>
/// <param name="Attention">Softmaxes over keys.</param>
/// <param name="Norm">Scales of normalisations.</param>
/// <param name="Activation">Slopes of activations.</param>
/// <param name="Gate">Products of two branches of a feed-forward network.</param>
public sealed record FrozenCounts(int Attention, int Norm, int Activation, int Gate);

/// <summary>One point at which f is differentiated.</summary>
/// <param name="Row">Tokens, lengths and the positions that are read.</param>
/// <param name="Targets">
/// The class at each position of the logits (see <see cref="Runtime.Logits"/>) whose objective makes up f; −1: the position is not part of
/// f; <see cref="Predicted"/>: the class with the largest logit there.
/// </param>
/// <param name="Embeddings">[sequence × embedding] word embeddings in place of the tokens' own; null: the tokens' own.</param>
/// <param name="DecoderEmbeddings">The same for the decoder of a seq2seq model.</param>
public sealed record GradientRow(TokenRow Row, int[] Targets, float[]? Embeddings = null, float[]? DecoderEmbeddings = null)
{
    /// <summary>In <see cref="Targets"/>: the class with the largest logit, whichever it turns out to be.</summary>
    public const int Predicted = -2;

    /// <summary>As <see cref="Targets"/>: the classes that f is the difference to; null: none.</summary>
    public int[]? Against { get; init; }

    /// <summary>Whether the logits are wanted too: of the tokens' own embeddings they are the prediction.</summary>
    public bool WantsLogits { get; init; }
}

/// <summary>f and its derivatives at one point.</summary>
/// <param name="Score">f.</param>
/// <param name="Gradient">∂f/∂e, [sequence × embedding].</param>
/// <param name="DecoderGradient">The same for the decoder's embeddings; empty for other models.</param>
/// <param name="Relevance">[layers][sequence × sequence], where asked for.</param>
public sealed record GradientResult(double Score, float[] Gradient, float[] DecoderGradient, float[][]? Relevance = null)
{
    /// <summary>What is inside the model at this point, where asked for.</summary>
    public InsideGradients? Inside { get; init; }

    /// <summary>What stood still under <see cref="Propagation.CpLrp"/> and <see cref="Propagation.AttnLrp"/>.</summary>
    public FrozenCounts? Frozen { get; init; }

    /// <summary>What the model says at the point, where asked for.</summary>
    public Logits? Logits { get; init; }
}
