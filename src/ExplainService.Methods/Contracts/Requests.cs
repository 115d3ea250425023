using System.ComponentModel.DataAnnotations;
using ExplainService.Runtime;

namespace ExplainService.Methods.Contracts;

/// <summary>
/// Fields that every request has. Null: not given, so that defaults are decided in one place. A number's range is an attribute, which the
/// checks of requests and the OpenAPI document both read.
/// </summary>
public abstract record ExplainRequest
{
    /// <summary>The most tokens that a request may have generated.</summary>
    public const int MostNewTokens = 512;

    /// <summary>The model's name; default: the only or the configured one.</summary>
    public string? Model { get; init; }

    /// <summary>The text.</summary>
    public required string Text { get; init; }

    /// <summary>A second text: NLI, or the context when <see cref="Text"/> is a question.</summary>
    public string? Pair { get; init; }

    /// <summary>What is explained; default: what the model predicts.</summary>
    public TargetRequest? Target { get; init; }

    /// <summary>
    /// The function of the target's logits that is explained; default <c>probability</c>, of generated tokens <c>log_probability</c>, of
    /// regression <c>logit</c>.
    /// </summary>
    public Objective? Objective { get; init; }

    /// <summary>
    /// Size of the units that get scores; default <c>word</c>, or <c>token</c> for <c>/saliency</c>. Several make a hierarchy.
    /// </summary>
    public GranularityRequest? Granularity { get; init; }

    /// <summary>
    /// What to do with a text over the model's limit; of a text that fits it says nothing. Default <c>error</c>, but <c>/tokenize</c>
    /// lists all.
    /// </summary>
    public Overflow? Overflow { get; init; }

    /// <summary>How windows are combined under <see cref="Contracts.Overflow.Window"/>; default <c>mean</c>.</summary>
    public WindowReduction? WindowReduction { get; init; }

    /// <summary>What offsets count, in the request and in the answer; default <c>utf16</c>.</summary>
    public OffsetUnit? OffsetUnit { get; init; }

    /// <summary>Seed of every random draw: any whole number of 64 bits; default 0.</summary>
    public long? Seed { get; init; }

    /// <summary>
    /// The best answer so far after this many milliseconds where a method can, else 504. From 1 to the server's own limit for one request
    /// (<c>Limits:MaxRequestSeconds</c>, 600 s by default).
    /// </summary>
    [Range(1, int.MaxValue)]
    public int? DeadlineMs { get; init; }

    /// <summary>Arithmetic of perturbation rows; default <c>exact</c>.</summary>
    public Precision? Precision { get; init; }

    /// <summary>
    /// Models that generate: continue greedily by at most so many tokens, from 1 to 512, and explain those. Seq2seq models do so by
    /// default, with 32; causal models explain the next token where neither this nor a target is given.
    /// </summary>
    [Range(1, MostNewTokens)]
    public int? MaxNewTokens { get; init; }

    /// <summary>
    /// The caller's own units, [start, end] each, in place of <see cref="Granularity"/>; at most 10,000, without overlap.
    /// </summary>
    public IReadOnlyList<IReadOnlyList<int>>? Spans { get; init; }
}

/// <summary><c>POST /predict</c>.</summary>
public sealed record PredictRequest : ExplainRequest
{
    /// <summary>
    /// How many labels (or spans) to list, strongest first; default: all classes in index order, 5 for vocabularies and spans.
    /// </summary>
    [Range(1, 1000)]
    public int? TopK { get; init; }
}

/// <summary><c>POST /tokenize</c>: every token, of a text over the model's limit too unless <c>overflow</c> is given.</summary>
public sealed record TokenizeRequest : ExplainRequest;

/// <summary><c>POST /attention</c>.</summary>
public sealed record AttentionRequest : ExplainRequest
{
    /// <summary>How maps are combined; default <c>none</c>. <c>flow</c> refuses texts of over 128 tokens.</summary>
    public AttentionAggregate? Aggregate { get; init; }

    /// <summary>Layers, from 0; default all.</summary>
    public IReadOnlyList<int>? Layers { get; init; }

    /// <summary>Heads, from 0; default all.</summary>
    public IReadOnlyList<int>? Heads { get; init; }

    /// <summary>Whose attention; default <c>self</c>.</summary>
    public AttentionKind? Kind { get; init; }
}

/// <summary><c>POST /saliency</c>.</summary>
public sealed record SaliencyRequest : ExplainRequest
{
    /// <summary>Which method; default <c>integrated_gradients</c>.</summary>
    public SaliencyAlgorithm? Method { get; init; }

    /// <summary>How <c>gradient</c>, and <c>smooth_grad</c> of it, turn a token's gradient into a number; default <c>l2</c>.</summary>
    public GradientNorm? Norm { get; init; }

    /// <summary>What <c>smooth_grad</c> averages; default <c>gradient</c>.</summary>
    public SmoothedScore? Of { get; init; }

    /// <summary>Where integration starts; default <c>pad</c>.</summary>
    public BaselineRequest? Baseline { get; init; }

    /// <summary>Points of the quadrature; default 50, with <c>tolerance</c> 8 to begin with. The trapezoid rule has two at least.</summary>
    [Range(1, 2000)]
    public int? Steps { get; init; }

    /// <summary>The rule of the quadrature; default <c>gauss_legendre</c>.</summary>
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
}

/// <summary><c>POST /occlusion</c>.</summary>
public sealed record OcclusionRequest : ExplainRequest
{
    /// <summary>What stands in for a removed unit; default <c>mask</c>.</summary>
    public ReplacementRequest? Replacement { get; init; }

    /// <summary>Units removed at a time; default 1, more where a text is read in many windows.</summary>
    [Range(1, 10_000)]
    public int? Window { get; init; }

    /// <summary>
    /// Units between the starts of windows, at most <c>window</c>; default 1; without <c>window</c> it has no part where windows are larger
    /// by default. All windows are of one size: where the last would go past the end it is moved back to end with the text, so that five
    /// units in twos are 1 and 2, 3 and 4, 4 and 5.
    /// </summary>
    [Range(1, 10_000)]
    public int? Stride { get; init; }
}

/// <summary><c>POST /shap</c>.</summary>
public sealed record ShapRequest : ExplainRequest
{
    /// <summary>Which estimator; default <c>auto</c>.</summary>
    public ShapAlgorithm? Algorithm { get; init; }

    /// <summary>
    /// The most coalitions scored, base and full text included; default 500, for <c>exact</c> all, fewer where the text is read in windows,
    /// and at most 250 more for earlier generated tokens.
    /// </summary>
    [Range(2, 1_000_000)]
    public int? MaxEvaluations { get; init; }

    /// <summary>What stands in for an absent unit; default <c>mask</c>.</summary>
    public ReplacementRequest? Replacement { get; init; }

    /// <summary>Whether pairwise interactions are wanted; default <c>false</c>.</summary>
    public bool? Interactions { get; init; }

    /// <summary>Largest standard error at which to stop early; <c>partition</c>: the worth of a group that need not be opened.</summary>
    [Range(0.0, 1e6)]
    public double? Tolerance { get; init; }
}

/// <summary><c>POST /lime</c>.</summary>
public sealed record LimeRequest : ExplainRequest
{
    /// <summary>
    /// Coalitions scored; default 500, fewer where the text is read in windows. A text with fewer coalitions has each scored once, and
    /// together they weigh as much as so many. As many at most, up to 250, for earlier generated tokens.
    /// </summary>
    [Range(2, 100_000)]
    public int? Samples { get; init; }

    /// <summary>w of the weights exp(−d²/w²), d = cosine distance from 0 to 1; default 0.75.</summary>
    [Range(1e-3, 1e6)]
    public double? KernelWidth { get; init; }

    /// <summary>Ridge penalty; default 1. It makes scores smaller, and the answer warns where that is by more than a tenth.</summary>
    [Range(0.0, 1e9)]
    public double? Alpha { get; init; }

    /// <summary>The most units with a weight: those of the highest weights in a fit of all, fitted again; default all.</summary>
    [Range(1, 1_000_000)]
    public int? Features { get; init; }

    /// <summary>What stands in for an absent unit; default <c>mask</c>.</summary>
    public ReplacementRequest? Replacement { get; init; }
}

/// <summary><c>POST /permutation</c>.</summary>
public sealed record PermutationRequest : ExplainRequest
{
    /// <summary>Draws for each unit, without replacement; default 10 (3 where the text is read in windows), at most all others.</summary>
    [Range(1, 10_000)]
    public int? Samples { get; init; }

    /// <summary>Texts whose units are drawn in place of the text's own.</summary>
    public IReadOnlyList<string>? Background { get; init; }
}
