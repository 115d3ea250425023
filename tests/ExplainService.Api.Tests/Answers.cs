using ExplainService.Methods.Contracts;
using ExplainService.Methods.Lime;
using ExplainService.Methods.Occlusion;
using ExplainService.Methods.Permutation;
using ExplainService.Methods.Shapley;

namespace ExplainService.Api.Tests;

/// <summary>What tests read in answers.</summary>
internal static class Answers
{
    /// <summary>The sentences of the answer's only warning with a code.</summary>
    public static string WarningOf(this Explanation answer, string code) =>
        answer.WarningCodes.Zip(answer.Warnings).Single(warning => warning.First == code).Second;

    /// <summary>The score of each unit; all must have one.</summary>
    public static double[] Scores(this IEnumerable<UnitAnswer> units) => [.. units.Select(unit => unit.Score!.Value)];

    /// <summary>The score of each token; all must have one.</summary>
    public static double[] Scores(this IEnumerable<TokenAnswer> tokens) => [.. tokens.Select(token => token.Score!.Value)];

    /// <summary>f of the whole text, by whichever method.</summary>
    public static double WholeValue(this UnitExplanation answer) =>
        answer switch
        {
            OcclusionAnswer occlusion => occlusion.Value,
            PermutationAnswer permutation => permutation.Value,
            ShapAnswer shap => shap.Value,
            LimeAnswer lime => lime.Value,
            _ => throw new NotSupportedException(answer.Method),
        };
}
