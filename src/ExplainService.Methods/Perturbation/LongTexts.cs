using ExplainService.Methods.Pipeline;

namespace ExplainService.Methods.Perturbation;

/// <summary>
/// What perturbing costs where the model reads a text in windows: a changed unit is in one window or two, and each of them is a row of the
/// model's full length. Changing thousands of units one by one would take many minutes on a processor, so that by default neighbours go
/// together; who asks for single units gets them.
/// </summary>
public static class LongTexts
{
    /// <summary>Rows that an answer about a text in windows is to take by default: about a minute of a small model on two cores.</summary>
    public const int Rows512 = 400;

    /// <summary>Units that change together by default: one unless the text is read in windows and that would take too many rows.</summary>
    /// <param name="input">The text.</param>
    /// <param name="units">How many units it has.</param>
    /// <param name="rounds">How often each of them is changed.</param>
    public static int GroupSize(PreparedInput input, int units, int rounds)
    {
        if (input.Windows.Count <= 1)
        {
            return 1;
        }

        var rows = Rows(input, units, 1) * rounds;
        return (int)Math.Clamp((rows + Rows512 - 1) / Rows512, 1, units);
    }

    /// <summary>Rows that changing every group once takes.</summary>
    public static long Rows(PreparedInput input, int units, int groupSize) =>
        (long)Math.Ceiling(((units + groupSize - 1) / groupSize * Overlap(input)) + input.Windows.Count);

    /// <summary>Evaluations that a sampled method does by default, each changing every window.</summary>
    public static int Evaluations(PreparedInput input, int otherwise, int atLeast) =>
        input.Windows.Count <= 1 ? otherwise : Math.Max(atLeast, Math.Min(otherwise, 2 * Rows512 / input.Windows.Count));

    /// <summary>Says so where units were changed together without having been asked for.</summary>
    public static void Warn(ExplanationContext context, UnitSet units, int groupSize, string how)
    {
        if (groupSize > 1)
        {
            context.Warnings.Add(FormattableString.Invariant(
                $"the text has {units.Units.Count} units in {context.Input.Windows.Count} windows: {groupSize} neighbours were {how} at a time and share one score; ") +
                "name a \"window\" (occlusion), a coarser granularity or spans to choose otherwise");
        }
    }

    /// <summary>Windows that hold a token, on average.</summary>
    private static double Overlap(PreparedInput input) =>
        Math.Max(1, (double)input.Windows.Sum(window => window.Tokens.Count(token => !token.Special)) / Math.Max(1, input.Tokens.Tokens.Count(token => !token.Special)));
}
