using ExplainService.Methods.Contracts;
using ExplainService.Methods.Targets;

namespace ExplainService.Methods.Perturbation;

/// <summary>The part of an answer that lists every class, where all were asked for.</summary>
public static class LabelAnswers
{
    /// <summary>One entry a class; null where only one target is explained.</summary>
    /// <param name="target">Which outputs are classes.</param>
    /// <param name="scores">[output][unit].</param>
    /// <param name="baseValue">[output].</param>
    /// <param name="value">[output].</param>
    /// <param name="standardErrors">[output][unit]; not a number where there is none.</param>
    public static IReadOnlyList<LabelScores>? Of(
        ResolvedTarget target,
        double[][] scores,
        double[]? baseValue = null,
        double[]? value = null,
        double[][]? standardErrors = null
    ) =>
        target.OutputLabels is not { } labels
            ? null
            :
            [
                .. labels.Select(
                    (label, output) =>
                        new LabelScores(label.Label, label.Index, scores[output])
                        {
                            BaseValue = baseValue?[output],
                            Value = value?[output],
                            StandardErrors = standardErrors?[output].Select(error => double.IsNaN(error) ? (double?)null : error).ToArray(),
                            Tokens = label.Tokens,
                            Text = label.Text,
                        }
                ),
            ];
}
