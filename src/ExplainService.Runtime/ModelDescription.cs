using ExplainService.Images.Processing;

namespace ExplainService.Runtime;

/// <summary>What a model answers.</summary>
public enum ModelTask
{
    /// <summary>A label for a text or pair.</summary>
    TextClassification,

    /// <summary>A label for every token.</summary>
    TokenClassification,

    /// <summary>The span of the context that answers a question.</summary>
    QuestionAnswering,

    /// <summary>The token under a mask.</summary>
    FillMask,

    /// <summary>The next token.</summary>
    TextGeneration,

    /// <summary>A text from a text: translation, summarisation.</summary>
    Text2textGeneration,

    /// <summary>No head: hidden states out.</summary>
    FeatureExtraction,

    /// <summary>A label for a picture.</summary>
    ImageClassification,

    /// <summary>The one of the caller's labels that a picture is most like.</summary>
    ZeroShotImageClassification,
}

/// <summary>Which positions of the sequence a classification head reads, found in the graph.</summary>
public enum HeadRead
{
    /// <summary>There is no such head, or the graph does not tell.</summary>
    Unknown,

    /// <summary>The first token (BERT's [CLS]).</summary>
    First,

    /// <summary>The last token that is not padding (decoders).</summary>
    Last,

    /// <summary>All of them, pooled.</summary>
    All,
}

/// <summary>What a loaded model is.</summary>
public sealed record ModelDescription
{
    /// <summary>Its folder's name.</summary>
    public required string Name { get; init; }

    /// <summary>What it answers.</summary>
    public required ModelTask Task { get; init; }

    /// <summary>Class labels by index; empty where the classes are the vocabulary or positions.</summary>
    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>How logits become probabilities.</summary>
    public required Link Link { get; init; }

    /// <summary>Whether its answers are texts.</summary>
    public bool Generates => Task is ModelTask.TextGeneration or ModelTask.Text2textGeneration;

    /// <summary>The function of the logits that is explained where a request names none.</summary>
    public Objective DefaultObjective =>
        Link == Link.Identity || Task == ModelTask.FeatureExtraction ? Objective.Logit
        : Generates ? Objective.LogProbability
        : Objective.Probability;

    /// <summary>The most tokens that it takes, special ones included.</summary>
    public required int MaxTokens { get; init; }

    /// <summary>How it takes pictures; null: it reads texts.</summary>
    public PictureShape? Picture { get; init; }

    /// <summary>How pictures are made into what it takes.</summary>
    public ImageProcessor? PictureProcessor { get; init; }

    /// <summary>Of a model that compares pictures with texts: how it reads texts; null: it reads one of the two.</summary>
    public ModelDescription? Texts { get; init; }

    /// <summary>Size of a word embedding; of a picture's patch, its numbers.</summary>
    public int EmbeddingSize { get; init; }

    /// <summary>Number of attention layers found in the graph, by kind; absent kinds have none.</summary>
    public IReadOnlyDictionary<AttentionKind, int> AttentionLayers { get; init; } = new Dictionary<AttentionKind, int>();

    /// <summary>Heads of each attention layer.</summary>
    public int Heads { get; init; }

    /// <summary>Number of layers around the residual stream whose tokens are explained; 0: they were not recognised.</summary>
    public int Layers { get; init; }

    /// <summary>Inner activations of each layer's feed-forward network; 0: they were not recognised.</summary>
    public int Neurons { get; init; }

    /// <summary>Where a classification head reads.</summary>
    public HeadRead HeadRead { get; init; }

    /// <summary>The decoder's start token, for seq2seq models.</summary>
    public int? DecoderStart { get; init; }

    /// <summary>Tokens that end a generation.</summary>
    public IReadOnlyList<int> EndTokens { get; init; } = [];

    /// <summary><c>forced_bos_token_id</c>: what the first generated token of a decoder is, whatever the model says.</summary>
    public int? ForcedFirst { get; init; }

    /// <summary><c>forced_eos_token_id</c>: what a generated token in the last place is, whatever the model says.</summary>
    public IReadOnlyList<int> ForcedLast { get; init; } = [];

    /// <summary>What stands in for text that is taken away.</summary>
    public StandIns StandIns { get; init; } = StandIns.None;

    /// <summary>Things that every answer of this model must say (a quantised model's gradients, for one).</summary>
    public IReadOnlyList<Warning> Warnings { get; init; } = [];

    /// <summary>Gradients and attention are those of another function than the model's own: weights dequantised or widened.</summary>
    public bool IsApproximatedInside { get; init; }

    /// <summary>
    /// Activations are quantised by the range of all that runs together, so that the logits at one position depend on the tokens behind it
    /// too, whatever the attention masks.
    /// </summary>
    public bool RoundsByBatch { get; init; }

    /// <summary>What the graph does not allow: feature → why, with operator and node.</summary>
    public IReadOnlyDictionary<ModelFeature, string> Unsupported { get; init; } = new Dictionary<ModelFeature, string>();
}

/// <summary>What explanation methods need of a model.</summary>
public enum ModelFeature
{
    /// <summary>Logits of a task head.</summary>
    Predict,

    /// <summary>Attention maps.</summary>
    Attention,

    /// <summary>Derivatives with respect to the word embeddings.</summary>
    Gradient,

    /// <summary>Derivatives with respect to the attention maps.</summary>
    AttentionGradient,

    /// <summary>The residual stream between layers.</summary>
    Layers,

    /// <summary>The inner activations of feed-forward networks.</summary>
    Neurons,

    /// <summary>Relevance by <see cref="Propagation.CpLrp"/>.</summary>
    CpLrp,

    /// <summary>Relevance by <see cref="Propagation.AttnLrp"/>.</summary>
    AttnLrp,

    /// <summary>The int8 form (precision: fast).</summary>
    Fast,
}
