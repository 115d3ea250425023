using ExplainService.Methods.Coalitions;

namespace ExplainService.Methods.Faithfulness.Metrics;

/// <summary>What the model says of the text with some of its units removed.</summary>
/// <param name="F">What is explained, by the request's objective.</param>
/// <param name="P">The target's probability; of a contrast the difference of log-probabilities; without probabilities f.</param>
/// <param name="Z">Its logit; of a contrast the difference of logits.</param>
/// <param name="LogP">The logarithm of its probability; null: there are no probabilities.</param>
internal readonly record struct SetValue(double F, double P, double Z, double? LogP);

/// <summary>What the model says of sets of units that are present: all that metrics read.</summary>
internal interface ISetValues
{
    /// <summary>How many units there are.</summary>
    int Units { get; }

    /// <summary>Whether the target has a probability.</summary>
    bool HasProbabilities { get; }

    /// <summary>The values of the text with these units alone, the others replaced.</summary>
    SetValue this[Coalition present] { get; }
}
