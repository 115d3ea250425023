using ExplainService.Methods.Contracts;
using ExplainService.Methods.Shapley;
using ExplainService.Rendering.Typography;

namespace ExplainService.Rendering.Views;

/// <summary>A sum that leads from a base value to a value.</summary>
/// <param name="Base">Score of the text without any part.</param>
/// <param name="Value">Score of the whole text.</param>
/// <param name="Steps">What each part adds, strongest first, then the others together and what the parts do not account for.</param>
internal sealed record ShapleySum(double Base, double Value, IReadOnlyList<SumStep> Steps)
{
    private const double Negligible = 1e-3;

    /// <summary>Whether an answer has one.</summary>
    public static bool Has(Explanation answer) => answer is ShapAnswer { Units.Count: > 0 };

    /// <summary>The sum of an answer.</summary>
    public static ShapleySum Of(Subject subject, int top)
    {
        var answer = (ShapAnswer)subject.Explanation;
        var (from, to) = (answer.BaseValue, answer.Value);
        var attribution = Attribution.Of(subject)!;
        var (strongest, others, othersSum) = attribution.Strongest(top);
        List<SumStep> steps = [.. strongest.Select(part => new SumStep(part.Text, part.Score, part.Tip))];
        if (others > 0)
        {
            var name = FormattableString.Invariant($"{others} others");
            steps.Add(new SumStep(name, othersSum, $"{name}: {Numbers.Signed(othersSum)}"));
        }

        // Partition values and estimates cut short may not add up; a picture of a sum must not hide that.
        var rest = to - from - steps.Sum(step => step.Score);
        if (Math.Abs(rest) > Negligible * Math.Max(Math.Abs(to - from), attribution.Largest))
        {
            steps.Add(new SumStep("not accounted for", rest, $"not accounted for: {Numbers.Signed(rest)}"));
        }

        return new ShapleySum(from, to, steps);
    }
}

/// <summary>One term of a sum.</summary>
internal sealed record SumStep(string Name, double Score, string Tip);
