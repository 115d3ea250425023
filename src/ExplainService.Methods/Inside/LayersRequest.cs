using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;
using ExplainService.Methods.Contracts;
using ExplainService.Methods.Saliency;
using ExplainService.Runtime;

namespace ExplainService.Methods.Inside;

/// <summary>How <c>/layers</c> looks at layers.</summary>
public enum LayerMethod
{
    /// <summary>Σ_d h_id · ∂f/∂h_id of the residual stream behind each layer (default).</summary>
    GradientXActivation,

    /// <summary>
    /// What flows through each layer on the path from the baseline to the text (Dhamdhere et al. 2018): Σ_d ∫ ∂f/∂h_id dh_id.
    /// </summary>
    Conductance,

    /// <summary>Relevance with attention, norms, slopes and gates as constants.</summary>
    CpLrp,

    /// <summary>Relevance with norms and slopes as constants.</summary>
    AttnLrp,

    /// <summary>What the model would have said after each layer (nostalgebraist 2020).</summary>
    Lens,
}

/// <summary><c>POST /layers</c>.</summary>
public sealed record LayersRequest : TextRequest
{
    /// <summary>How layers are looked at; default <c>gradient_x_activation</c>.</summary>
    public LayerMethod? Method { get; init; }

    /// <summary>
    /// Where the path begins, of <c>conductance</c> and of relevance averaged over steps; default <c>pad</c>, of relevance <c>mask</c> where the
    /// tokenizer has a mask token.
    /// </summary>
    public BaselineRequest? Baseline { get; init; }

    /// <summary>
    /// Steps of the path: of <c>conductance</c>, default 50; of relevance, points over which it is averaged, default the text itself alone.
    /// </summary>
    [Range(1, 2000)]
    public int? Steps { get; init; }

    /// <summary>The points of the path; default <c>gauss_legendre</c>.</summary>
    public QuadratureRule? Quadrature { get; init; }

    /// <summary><c>conductance</c>: the completeness error of every layer to reach by doubling steps.</summary>
    [Range(0.0, 1e6)]
    public double? Tolerance { get; init; }

    /// <summary>The most steps under <c>tolerance</c>; default 400, or <c>steps</c> if that is more.</summary>
    [Range(1, 2000)]
    public int? MaxSteps { get; init; }

    /// <summary><c>lens</c>: how many entries of a vocabulary each layer lists; default 5.</summary>
    [Range(1, 1000)]
    public int? TopK { get; init; }

    internal override int? ListedEntries => TopK;

    internal override IEnumerable<(string Field, string? Text)> SideTexts => base.SideTexts.Append(("baseline.text", Baseline?.Text));
}

/// <summary>One layer; 0 is what enters the first.</summary>
public sealed record LayerAnswer
{
    /// <summary>Number of layers that have been passed.</summary>
    public required int Layer { get; init; }

    /// <summary>What each token's part of the stream contributes to f there, over <c>tokens</c>.</summary>
    public IReadOnlyList<double>? Scores { get; init; }

    /// <summary><c>lens</c>: f, had the model ended here.</summary>
    public double? Value { get; init; }

    /// <summary><c>lens</c>: classes with their logits and probabilities; of a vocabulary the strongest entries.</summary>
    public IReadOnlyList<LabelAnswer>? Labels { get; init; }
}

/// <summary>What <c>/layers</c> answers.</summary>
[AlwaysGiven(nameof(Objective), nameof(Prediction), nameof(Target), nameof(Evaluations))]
public sealed record LayersAnswer : Explanation
{
    /// <summary>The layers, from the embeddings (0; not of <c>conductance</c>) to the last.</summary>
    public required IReadOnlyList<LayerAnswer> Layers { get; init; }

    /// <summary>Relevance: how many parts of the model stood still.</summary>
    public FrozenCounts? Frozen { get; init; }

    /// <summary>Steps of the path that were used.</summary>
    public int? Steps { get; init; }

    /// <summary><c>conductance</c>: the largest |Σ scores − (f(x) − f(baseline))| of a layer.</summary>
    public double? CompletenessError { get; init; }
}

/// <summary>Both as they cross the wire.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Strict, GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(LayersRequest))]
[JsonSerializable(typeof(LayersAnswer))]
internal sealed partial class LayersJson : JsonSerializerContext;
