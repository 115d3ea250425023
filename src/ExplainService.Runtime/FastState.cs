namespace ExplainService.Runtime;

/// <summary>What is known of a model's int8 form.</summary>
/// <param name="Quality">How good it is, where there is one.</param>
/// <param name="Refusal">Why there is none.</param>
public sealed record FastState(FastQuality? Quality, string? Refusal);
