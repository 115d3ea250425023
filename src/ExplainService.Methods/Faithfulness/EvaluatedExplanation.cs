using System.Text.Json.Serialization;
using ExplainService.Methods.Contracts;

namespace ExplainService.Methods.Faithfulness;

/// <summary>An explanation as it was judged.</summary>
public sealed record EvaluatedExplanation
{
    /// <summary>What it is called beside others.</summary>
    public string? Name { get; init; }

    /// <summary>The endpoint that gave it; left out of scores that the caller sent.</summary>
    public string? Endpoint { get; init; }

    /// <summary>What computed the scores, as that endpoint's answer says it; <c>scores</c> of those that the caller sent.</summary>
    public required string Method { get; init; }

    /// <summary>Size of the units; <c>spans</c> for the caller's own.</summary>
    public required string Granularity { get; init; }

    /// <summary><c>true</c> where scores are sizes alone: units are ranked by them whatever their sign.</summary>
    public bool? Unsigned { get; init; }

    /// <summary>Units of the text with their scores, in text order.</summary>
    public required IReadOnlyList<UnitAnswer> Units { get; init; }

    /// <summary>Texts that the method scored or differentiated, whether or not another had asked for them.</summary>
    public long? Evaluations { get; init; }

    /// <summary>Of a surrogate: its weighted R².</summary>
    public double? R2 { get; init; }

    /// <summary>Of integrated and expected gradients: |Σ scores − (f(x) − f(baseline))|.</summary>
    public double? CompletenessError { get; init; }

    /// <summary>What a reader must know of it, in sentences.</summary>
    public IReadOnlyList<string>? Warnings { get; init; }

    /// <summary>A stable code of each warning, in the same order.</summary>
    public IReadOnlyList<string>? WarningCodes { get; init; }

    /// <summary>Time that it took, in milliseconds.</summary>
    [JsonIgnore]
    public double ElapsedMs { get; init; }
}
