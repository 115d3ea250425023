namespace ExplainService.Graph.Gradients;

/// <summary>An operator between the embeddings and the output has no gradient rule, or not in this use.</summary>
/// <param name="node">The operator.</param>
/// <param name="why">What of it is not supported.</param>
public sealed class UnsupportedGradientException(Node node, string why = "has no gradient rule")
    : NotSupportedException($"operator {node.Place} {why}");
