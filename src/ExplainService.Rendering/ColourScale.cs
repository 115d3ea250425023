using ExplainService.Methods.Contracts;
using ExplainService.Rendering.Typography;

namespace ExplainService.Rendering;

/// <summary>Which number has the strongest colour.</summary>
internal static class ColourScale
{
    /// <summary>
    /// A hundredth: of a probability, of a logit, of a nat. Where nothing in a text matters its scores are noise, which colours that follow
    /// the largest alone would draw as if it did.
    /// </summary>
    private const double MinFloor = 0.01;

    /// <summary>The least number of the strongest colour; 0 for scores that are in no unit.</summary>
    public static double FloorOf(Explanation answer) =>
        answer.IsUnsigned ? 0
        : answer.Prediction?.Value is { } value ? MinFloor * Math.Min(1, Math.Abs(value))
        : MinFloor;

    /// <summary>The number of the strongest colour: as asked for, or else the largest, but not less than the floor. Never 0.</summary>
    public static double Of(double largest, double floor, PictureOptions options) =>
        options.Scale ?? (Math.Max(largest, floor) is > 0 and var scale ? scale : 1);

    /// <summary>Says that some numbers are beyond the scale.</summary>
    /// <param name="largest">The largest of them.</param>
    /// <param name="options">Which scale was asked for.</param>
    /// <param name="what">What they are.</param>
    public static IEnumerable<string> Remarks(double largest, PictureOptions options, string what = "Scores") =>
        options.Scale is { } scale && largest > scale
            ? [$"{what} beyond {Numbers.Plain(scale)} are drawn as {Numbers.Plain(scale)}; the largest is {Numbers.Plain(largest)}."]
            : [];
}
