using ExplainService.Graph.Gradients;
using ExplainService.Graph.Patterns;

namespace ExplainService.Graph.Forms;

/// <summary>What the compiler found in a model's graph.</summary>
/// <param name="Lookups">Word-embedding lookups: the encoder's (or only) one first, then the decoder's.</param>
/// <param name="Attention">Attention maps, from the first layer to the last.</param>
/// <param name="Outputs">The outputs that hold logits: one, or start and end of question answering.</param>
/// <param name="OutputRank">2: [batch × classes]; 3: [batch × sequence × classes].</param>
/// <param name="Head">Where a classification head reads.</param>
/// <param name="NoGradient">Why there is no gradient form: the operator and node; null where there is one.</param>
public sealed record GraphReport(
    IReadOnlyList<EmbeddingLookup> Lookups,
    IReadOnlyList<AttentionMap> Attention,
    IReadOnlyList<string> Outputs,
    int OutputRank,
    HeadPosition Head,
    string? NoGradient
)
{
    /// <summary>Activations are rounded by the largest numbers of whatever runs together, so that rows change each other's.</summary>
    public bool RoundsByBatch => Quantised?.Contains("dynamic", StringComparison.Ordinal) == true;

    /// <summary>
    /// How the model is quantised, such as <c>int8, dynamic</c>: attention and gradients are those of its dequantised function. Null: it is
    /// not.
    /// </summary>
    public string? Quantised { get; init; }

    /// <summary>
    /// The model's own precision where attention and gradients are computed in float32 instead; null where it is float32 too.
    /// </summary>
    public string? Widened { get; init; }

    /// <summary>Why a variant of the gradient is not to be had where the plain one is: the operator and node.</summary>
    public IReadOnlyDictionary<GradientVariant, string> NoVariant { get; init; } = new Dictionary<GradientVariant, string>();

    /// <summary>Whether the outputs are start and end logits over the tokens.</summary>
    public bool IsSpans => Outputs.Count == 2;

    /// <summary>Attention maps of one role.</summary>
    public IReadOnlyList<AttentionMap> Of(AttentionRole role) => [.. Attention.Where(map => map.Role == role)];
}
