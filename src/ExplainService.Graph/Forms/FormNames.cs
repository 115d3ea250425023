namespace ExplainService.Graph.Forms;

/// <summary>Names of the inputs and outputs that forms add to a model's own.</summary>
public static class FormNames
{
    /// <summary>What all of them begin with.</summary>
    internal const string Prefix = "explain_";

    /// <summary>Input, float32 [batch, sequence, embedding]: word embeddings of the (encoder's) tokens.</summary>
    public const string Embeddings = "explain_embeddings";

    /// <summary>
    /// Input, float32 [labels, size] or [pictures, size]: of a half of a model of pictures and texts what the other half gives.
    /// </summary>
    public const string Beside = "explain_beside";

    /// <summary>A value of such a half, float32 [batch, size]: what it gives the other.</summary>
    public const string Side = "explain_side";

    /// <summary>Output, float32 [batch, size]: that value.</summary>
    public const string Handed = "explain_handed";

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

    /// <summary>
    /// Input, float32 [batch, layers, …]: what heads, blocks or tokens' values count for; 1: as it is, 0: not at all.
    /// </summary>
    public const string Kept = "explain_kept";

    /// <summary>Input, float32 [layers, …]: what takes the place of what counts for nothing.</summary>
    public const string Means = "explain_means";

    /// <summary>Input, int64 [batch, layers]: the neuron that is off; −1: none.</summary>
    public const string Chosen = "explain_chosen";

    /// <summary>Input, float32 [batch, sequence, hidden]: the residual stream behind the last block.</summary>
    public const string Stream = "explain_stream";

    /// <summary>Output, float32 [batch, sequence, hidden]: the residual stream behind a layer; 0: before the first.</summary>
    public static string Hidden(int layer) => FormattableString.Invariant($"explain_hidden_{layer}");

    /// <summary>Output, float32 [batch, sequence, hidden]: ∂f/∂ that stream.</summary>
    public static string HiddenGradient(int layer) => FormattableString.Invariant($"explain_hidden_gradient_{layer}");

    /// <summary>Output, float32 [batch, sequence]: what that stream contributes to f at each token.</summary>
    public static string LayerScores(int layer) => FormattableString.Invariant($"explain_layer_scores_{layer}");

    /// <summary>Output, float32 [batch, sequence, inner]: what a layer's inner activations contribute to f.</summary>
    public static string NeuronScores(int layer) => FormattableString.Invariant($"explain_neuron_scores_{layer}");

    /// <summary>Output, float32 [batch, heads]: how much a layer's heads matter to f.</summary>
    public static string HeadImportance(int layer) => FormattableString.Invariant($"explain_head_importance_{layer}");

    /// <summary>Output, float32 [batch, heads]: what a layer's heads contribute to f.</summary>
    public static string HeadScores(int layer) => FormattableString.Invariant($"explain_head_scores_{layer}");

    /// <summary>Output, float32 [batch, sequence, inner]: a layer's inner activations.</summary>
    public static string Activation(int layer) => FormattableString.Invariant($"explain_activation_{layer}");

    /// <summary>Output, float32 [batch, heads, queries, channels]: what a layer's heads give out.</summary>
    public static string Heads(int layer) => FormattableString.Invariant($"explain_heads_{layer}");

    /// <summary>Output, float32 [batch, queries, keys]: how much of each token reaches each in a layer.</summary>
    public static string Norms(int layer) => FormattableString.Invariant($"explain_norms_{layer}");

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
