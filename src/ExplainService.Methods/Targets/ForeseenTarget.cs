using ExplainService.Runtime;

namespace ExplainService.Methods.Targets;

/// <summary>What will be explained, before the model has said anything.</summary>
/// <param name="Row">The row that shows the prediction.</param>
/// <param name="Columns">
/// The class at each of its lines of logits; −1: not part of f; <see cref="GradientRow.Predicted"/>: the one with the largest logit.
/// </param>
/// <param name="Objective">The function of the logits.</param>
/// <param name="Link">How logits become probabilities.</param>
public sealed record ForeseenTarget(TokenRow Row, int[] Columns, Objective Objective, Link Link);
