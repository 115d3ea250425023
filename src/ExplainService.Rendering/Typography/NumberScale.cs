using System.Globalization;

namespace ExplainService.Rendering.Typography;

/// <summary>
/// Numbers that are read beside each other: all with as many decimals as show three digits of the largest. Zero, and what would read as
/// zero, is "0" without a sign.
/// </summary>
public sealed class NumberScale
{
    private readonly int? decimals;

    private NumberScale(int? decimals) => this.decimals = decimals;

    /// <summary>The scale of some numbers.</summary>
    public static NumberScale Of(IEnumerable<double> numbers) =>
        Of(numbers.Where(double.IsFinite).Select(Math.Abs).DefaultIfEmpty(0).Max());

    /// <summary>The scale of numbers up to a size.</summary>
    public static NumberScale Of(double largest) =>
        new(
            Math.Abs(largest) switch
            {
                0 => 3,
                < 1e-6 or >= 1e6 or double.NaN => null,
                < 0.1 and var small => 2 - (int)Math.Floor(Math.Log10(small)),
                < 1 => 3,
                < 100 => 2,
                _ => 1,
            }
        );

    /// <summary>With a sign, which says without colours what speaks for and what against.</summary>
    public string Signed(double value) => Plain(value) is var text && text != "0" && value > 0 ? "+" + text : text;

    /// <summary>Without a plus.</summary>
    public string Plain(double value)
    {
        if (decimals is not { } digits || !double.IsFinite(value))
        {
            return Numbers.Plain(value);
        }

        var text = Math.Abs(value).ToString("F" + digits.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        return text.AsSpan().ContainsAnyExcept("0.") ? (value < 0 ? "\u2212" : "") + text : "0";
    }
}
