namespace ExplainService.Graph.Forms;

/// <summary>Names of the inputs and outputs that forms add to a model's own.</summary>
public static class FormNames
{
    /// <summary>What all of them begin with.</summary>
    internal const string Prefix = "explain_";

    /// <summary>Input, float32 [batch, sequence, embedding]: word embeddings of the (encoder's) tokens.</summary>
    public const string Embeddings = "explain_embeddings";

    /// <summary>Input, float32 [batch, decoder sequence, embedding].</summary>
    public const string DecoderEmbeddings = "explain_decoder_embeddings";

    /// <summary>Input, int64 [batch, reads]: positions whose logits are wanted.</summary>
    public const string OutputPositions = "explain_output_positions";

    /// <summary>
    /// Input, int64 [batch, positions]: the class at each output position that makes up f; −1: none; −2: the one with the largest logit.
    /// </summary>
    public const string Targets = "explain_targets";

    /// <summary>Input, int64 [batch, positions]: the class at each output position whose share is taken off f; −1: none.</summary>
    public const string Against = "explain_against";

    /// <summary>Input, float32 [heads]: weights of the heads in relevance; all equal and summing to 1 is the mean.</summary>
    public const string HeadWeights = "explain_head_weights";

    /// <summary>Output, float32 [batch, positions, classes].</summary>
    public const string Logits = "explain_logits";

    /// <summary>Output, float32 [batch]: f.</summary>
    public const string Score = "explain_score";

    /// <summary>Output, float32 [batch, sequence, embedding]: ∂f/∂e.</summary>
    public const string Gradient = "explain_gradient";

    /// <summary>Output, float32 [batch, decoder sequence, embedding].</summary>
    public const string DecoderGradient = "explain_decoder_gradient";

    /// <summary>Output, float32 [batch, heads, queries, keys] of an attention layer.</summary>
    public static string Attention(int layer) => FormattableString.Invariant($"explain_attention_{layer}");

    /// <summary>Output, float32 [batch, queries, keys] of an attention layer.</summary>
    public static string Relevance(int layer) => FormattableString.Invariant($"explain_relevance_{layer}");

    /// <summary>Input, float32 [1 or batch, heads, size, past]: keys of the prefix.</summary>
    public static string PastKey(int layer) => FormattableString.Invariant($"explain_past_key_{layer}");

    /// <summary>Input, float32 [1 or batch, heads, past, size]: values of the prefix.</summary>
    public static string PastValue(int layer) => FormattableString.Invariant($"explain_past_value_{layer}");

    /// <summary>Output, float32 [batch, heads, size, tokens]: keys of all tokens.</summary>
    public static string PresentKey(int layer) => FormattableString.Invariant($"explain_present_key_{layer}");

    /// <summary>Output, float32 [batch, heads, tokens, size].</summary>
    public static string PresentValue(int layer) => FormattableString.Invariant($"explain_present_value_{layer}");

    /// <summary>What a decoder reads of its encoder: output of the start form, input of the step form.</summary>
    public static string State(int number) => FormattableString.Invariant($"explain_state_{number}");
}
