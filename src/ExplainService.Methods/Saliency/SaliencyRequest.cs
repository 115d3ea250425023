using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;
using ExplainService.Methods.Contracts;
using ExplainService.Runtime;

namespace ExplainService.Methods.Saliency;

/// <summary><c>POST /saliency</c>.</summary>
public sealed record SaliencyRequest : TextRequest
{
    /// <summary>Which method; default <c>integrated_gradients</c>.</summary>
    public Choice<SaliencyAlgorithms>? Method { get; init; }

    /// <summary>How <c>gradient</c>, and <c>smooth_grad</c> of it, turn a token's gradient into a number; default <c>l2</c>.</summary>
    public GradientNorm? Norm { get; init; }

    /// <summary>What <c>smooth_grad</c> averages; default <c>gradient</c>.</summary>
    public SmoothedScore? Of { get; init; }

    /// <summary>
    /// Where integration starts; default <c>mask</c> where the tokenizer has a mask token, else <c>pad</c>, which <c>gradient_shap</c> takes
    /// everywhere.
    /// </summary>
    public BaselineRequest? Baseline { get; init; }

    /// <summary>
    /// Points of the quadrature. Without them, and under <c>tolerance</c>, steps are doubled until the scores add up: from 10 up to 80, under
    /// <c>tolerance</c> from 8 or these. The trapezoid rule has two at least. Of relevance: points over which it is averaged, default the text
    /// itself alone.
    /// </summary>
    [Range(1, 2000)]
    public int? Steps { get; init; }

    /// <summary>
    /// The rule of the quadrature; default <c>gauss_legendre</c>, and Clenshaw–Curtis where steps are doubled, as its points are among those
    /// of the next try.
    /// </summary>
    public QuadratureRule? Quadrature { get; init; }

    /// <summary>Completeness error to reach by adding steps.</summary>
    [Range(0.0, 1e6)]
    public double? Tolerance { get; init; }

    /// <summary>The most steps under <c>tolerance</c>; default 400, or <c>steps</c> if that is more.</summary>
    [Range(1, 2000)]
    public int? MaxSteps { get; init; }

    /// <summary>Draws of <c>smooth_grad</c> and <c>gradient_shap</c>; default 25.</summary>
    [Range(1, 10_000)]
    public int? Samples { get; init; }

    /// <summary>
    /// σ as a fraction of (max e − min e): of <c>smooth_grad</c>, default 0.1; of <c>gradient_shap</c>, whose baseline gets noise in all but
    /// its special tokens, default 0.
    /// </summary>
    [Range(0.0, 10.0)]
    public double? Noise { get; init; }

    internal override IEnumerable<(string Field, string? Text)> SideTexts => base.SideTexts.Append(("baseline.text", Baseline?.Text));
}

/// <summary>What <c>/saliency</c> answers.</summary>
public sealed record SaliencyAnswer : UnitExplanation
{
    /// <summary>Of a picture: the scores of its pixels as the model takes them, [height][width]; units have their sums.</summary>
    public IReadOnlyList<IReadOnlyList<double>>? Scores { get; init; }

    /// <summary>Integrated gradients, and expected gradients from a baseline without noise: |Σ scores − (f(x) − f(baseline))|.</summary>
    public double? CompletenessError { get; init; }

    /// <inheritdoc/>
    internal override double? Gap => CompletenessError;

    /// <summary>Points of the quadrature that were used; where they were doubled, the intervals that they bound.</summary>
    public int? Steps { get; init; }

    /// <summary>Integrated gradients: f along the path, by α (for pictures of the path).</summary>
    public IReadOnlyList<PathPoint>? Path { get; init; }

    /// <summary><c>cp_lrp</c>, <c>attn_lrp</c>: what of the model stood still on the way back.</summary>
    public FrozenCounts? Frozen { get; init; }
}

/// <summary>Both as they cross the wire.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Strict, GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(SaliencyRequest))]
[JsonSerializable(typeof(SaliencyAnswer))]
internal sealed partial class SaliencyJson : JsonSerializerContext;
