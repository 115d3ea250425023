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

    /// <summary>How its numbers are written.</summary>
    public NumberScale Written { get; } = NumberScale.Of(Steps.Select(step => step.Score));

    /// <summary>The sum of an answer.</summary>
    /// <param name="subject">The answer.</param>
    /// <param name="top">The most parts that are steps of their own.</param>
    /// <param name="bySign">Whether the others are two steps, those for and those against, which would else hide each other.</param>
    public static ShapleySum Of(Subject subject, int top, bool bySign)
    {
        var answer = (ShapAnswer)subject.Explanation;
        var (from, to) = (answer.BaseValue, answer.Value);
        var attribution = Attribution.Of(subject)!;
        var (strongest, others) = attribution.Strongest(top);
        List<SumStep> steps = [.. strongest.Select(part => new SumStep(part.Text, part.Score, part.Tip))];
        foreach (var group in others.GroupBy(part => bySign && part.Score < 0))
        {
            var (name, sum) = (FormattableString.Invariant($"{group.Count()} others"), group.Sum(part => part.Score));
            steps.Add(new SumStep(name, sum, $"{name}: {Numbers.Signed(sum)}") { IsRest = true });
        }

        // Partition values and estimates cut short may not add up; a picture of a sum must not hide that.
        var rest = to - from - steps.Sum(step => step.Score);
        if (Math.Abs(rest) > Negligible * Math.Max(Math.Abs(to - from), attribution.Scale(PictureOptions.Default)))
        {
            steps.Add(new SumStep("not accounted for", rest, $"not accounted for: {Numbers.Signed(rest)}") { IsRest = true });
        }

        return new ShapleySum(from, to, steps);
    }
}

/// <summary>One term of a sum.</summary>
internal sealed record SumStep(string Name, double Score, string Tip)
{
    /// <summary>Not a part of the text: what is left.</summary>
    public bool IsRest { get; init; }
}
