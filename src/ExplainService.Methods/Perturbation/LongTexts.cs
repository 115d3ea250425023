using ExplainService.Methods.Contracts;
using ExplainService.Methods.Pipeline;
using ExplainService.Runtime;
using ExplainService.Text;

namespace ExplainService.Methods.Perturbation;

/// <summary>
/// What perturbing costs where the model reads a text in windows: a changed unit is in one window or two, and each of them is a row of the
/// model's full length. Changing thousands of units one by one would take many minutes on a processor, so that by default neighbours go
/// together; who asks for single units gets them.
/// </summary>
public static class LongTexts
{
    /// <summary>Rows that an answer about a text in windows is to take by default: about a minute of a small model on two cores.</summary>
    public const int DefaultRowBudget = 400;

    /// <summary>
    /// Units that change together by default: one unless the text is read in windows and that would take too many rows. A caller's own
    /// spans are for the caller to choose, and change one by one.
    /// </summary>
    /// <param name="request">The request.</param>
    /// <param name="input">The text.</param>
    /// <param name="units">How many units it has.</param>
    /// <param name="rounds">How often each of them is changed.</param>
    public static int GroupSize(TextRequest request, PreparedInput input, int units, int rounds)
    {
        if (!input.InWindows || request.Spans is not null)
        {
            return 1;
        }

        var rows = (ChangedRows(input, units, units, 1) + input.Windows.Count) * rounds;
        return (int)Math.Clamp((rows + DefaultRowBudget - 1) / DefaultRowBudget, 1, units);
    }

    /// <summary>Rows that changing stretches of adjacent units takes, each in all windows that hold some of it.</summary>
    /// <param name="input">The text.</param>
    /// <param name="units">How many units it has.</param>
    /// <param name="stretches">How many stretches.</param>
    /// <param name="length">Units of each.</param>
    public static long ChangedRows(PreparedInput input, int units, int stretches, int length)
    {
        var windows = input.Windows.Count;
        return (long)Math.Ceiling(stretches * Math.Min(windows, Overlap(input) + ((length - 1.0) * windows / units)));
    }

    /// <summary>Evaluations that a sampled method does by default, each changing every window.</summary>
    public static int Evaluations(PreparedInput input, int otherwise, int atLeast) =>
        !input.InWindows ? otherwise : Math.Max(atLeast, Math.Min(otherwise, 2 * DefaultRowBudget / input.Windows.Count));

    /// <summary>Says so where units were changed together without having been asked for.</summary>
    /// <param name="context">The request.</param>
    /// <param name="units">What was changed.</param>
    /// <param name="groupSize">How many together.</param>
    /// <param name="how">What was done to them.</param>
    /// <param name="remedy">What the method can be asked for besides coarser units or spans.</param>
    public static void Warn(ExplanationContext context, UnitSet units, int groupSize, string how, string remedy = "")
    {
        if (groupSize > 1)
        {
            context.Warnings.Add(
                new Warning(
                    WarningCode.UnitsGrouped,
                    FormattableString.Invariant($"The text has {units.Units.Count} units in {context.Input.Windows.Count} windows; ")
                        + FormattableString.Invariant($"{groupSize} neighbours were {how} at a time and share one score. ")
                        + $"Name {remedy}a coarser granularity or spans to choose otherwise."
                )
            );
        }
    }

    /// <summary>Windows that hold a token, on average.</summary>
    private static double Overlap(PreparedInput input) =>
        Math.Max(1, (double)input.Windows.Sum(Ordinary) / Math.Max(1, Ordinary(input.Tokens)));

    private static int Ordinary(Encoding encoding) => encoding.Tokens.Count(token => !token.Special);
}
