using System.Text.Json.Serialization;

namespace ExplainService.Methods.Contracts;

/// <summary>A metric of an explanation, or one of a metric's parts.</summary>
public record MetricFigure
{
    /// <summary>The figure; of several texts its mean. Left out where there is none (a correlation with equal scores).</summary>
    [JsonPropertyOrder(-20)]
    public double? Value { get; init; }

    /// <summary>The same figure of random rankings.</summary>
    [JsonPropertyOrder(-19)]
    public RandomFigures? Random { get; init; }

    /// <summary>(value − mean)/sd of the random rankings'; of several texts the mean of theirs.</summary>
    [JsonPropertyOrder(-18)]
    public double? Z { get; init; }

    /// <summary>With <c>normalise</c>: the figures of the best and the worst ranking that there is.</summary>
    [JsonPropertyOrder(-17)]
    public MetricLimits? Limits { get; init; }

    /// <summary>With <c>normalise</c>: (value − worst)/(best − worst).</summary>
    [JsonPropertyOrder(-16)]
    public double? Normalised { get; init; }

    /// <summary>Of several texts: the standard error of the mean.</summary>
    [JsonPropertyOrder(-15)]
    public double? StandardError { get; init; }

    /// <summary>Of several texts: how many have the figure.</summary>
    [JsonPropertyOrder(-14)]
    public int? Texts { get; init; }
}

/// <summary>A metric under one replacement.</summary>
public sealed record MetricAnswer : MetricFigure
{
    /// <summary>The figure with each share of the units; <c>value</c> is their mean.</summary>
    public IReadOnlyList<ShareFigure>? ByQ { get; init; }

    /// <summary><c>aopc</c>: the fall without the strongest units.</summary>
    public MetricFigure? Comprehensiveness { get; init; }

    /// <summary><c>aopc</c>: the fall with the strongest units alone.</summary>
    public MetricFigure? Sufficiency { get; init; }

    /// <summary><c>loo</c>: Kendall's τ beside Spearman's coefficient.</summary>
    public MetricFigure? Kendall { get; init; }

    /// <summary><c>plausibility</c>: the area under precision over recall.</summary>
    public MetricFigure? Auprc { get; init; }

    /// <summary><c>plausibility</c>: F1 of the tokens of as many units as the rationale has.</summary>
    public MetricFigure? TokenF1 { get; init; }

    /// <summary><c>plausibility</c>: F1 of stretches that overlap with the rationale's by half or more.</summary>
    public MetricFigure? IouF1 { get; init; }

    /// <summary><c>lds</c>, <c>infidelity</c>: the units that are there in each of the random texts.</summary>
    public IReadOnlyList<IReadOnlyList<int>>? Sets { get; init; }

    /// <summary><c>deletion_auc</c>, <c>insertion_auc</c>: what the area is under.</summary>
    public IReadOnlyList<CurvePoint>? Curve { get; init; }

    /// <summary><c>randomisation</c>: the correlation as more layers are drawn anew, from the top.</summary>
    public IReadOnlyList<LayerFigure>? ByLayers { get; init; }
}

/// <summary>What the model says with so many of the strongest units gone, or back.</summary>
/// <param name="K">How many, from none to all.</param>
/// <param name="Value">The probability of the target.</param>
public sealed record CurvePoint(int K, double Value)
{
    /// <summary>The same with units in random orders.</summary>
    public RandomFigures? Random { get; init; }
}

/// <summary>What random rankings get.</summary>
/// <param name="Mean">Their mean.</param>
/// <param name="Sd">Their standard deviation (n − 1).</param>
public sealed record RandomFigures(double Mean, double Sd);

/// <summary>The ends of a figure over all rankings.</summary>
/// <param name="Worst">Of the least faithful ranking.</param>
/// <param name="Best">Of the most faithful one.</param>
/// <param name="Exact">Whether all rankings were looked through, rather than the most promising.</param>
public sealed record MetricLimits(double Worst, double Best, bool Exact);

/// <summary>A figure with some of the units.</summary>
/// <param name="Q">Their share.</param>
/// <param name="K">How many they are.</param>
/// <param name="Value">The figure.</param>
public sealed record ShareFigure(double Q, int K, double Value);

/// <summary>A figure with some of the model's layers drawn anew.</summary>
/// <param name="Layers">How many, from the top; what is above them is drawn anew too.</param>
/// <param name="Value">The figure; null where the scores are all equal.</param>
public sealed record LayerFigure(int Layers, double? Value);
