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
    /// <summary>Of a model of pictures: how they become a sequence.</summary>
    public PatchLayout? Patches { get; init; }

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

    /// <summary>
    /// The blocks of the stack whose tokens are explained, from the first to the last: the encoder's, or those of a decoder-only model.
    /// Empty where the structure was not recognised.
    /// </summary>
    public IReadOnlyList<Block> Blocks { get; init; } = [];

    /// <summary>Why no attention can be shown; null: it can.</summary>
    public string? NoAttention =>
        Attention.Count > 0 ? null
        : Windows is { } tokens
            ? FormattableString.Invariant(
                $"Its attention is within windows of {tokens} tokens, which are not on one grid with the picture's patches: there is no map of all patches to show."
            )
        : "No attention softmax was found in the graph.";

    /// <summary>Of a model of pictures whose attention is among other tokens than its patches: how many they are; null: it is not.</summary>
    public long? Windows { get; init; }

    /// <summary>Inner activations of a block's feed-forward network; null: the graph does not tell.</summary>
    public long? Neurons { get; init; }

    /// <summary>Why nothing between the layers can be shown; null: it can.</summary>
    public string? NoBlocks => Blocks.Count > 0 ? null : BlockStack.NotFound;

    /// <summary>Why the neurons of feed-forward networks cannot be shown; null: they can.</summary>
    public string? NoNeurons =>
        NoBlocks
        ?? (Blocks.All(block => block.Activation is not null) ? null : "No feed-forward network was found in every block of the graph.");

    /// <summary>Attention maps of one role.</summary>
    public IReadOnlyList<AttentionMap> Of(AttentionRole role) => [.. Attention.Where(map => map.Role == role)];
}
