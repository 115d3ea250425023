using System.Globalization;

namespace ExplainService.Rendering.Typography;

/// <summary>Numbers as pictures write them.</summary>
internal static class Numbers
{
    /// <summary>With a sign, which says without colours what speaks for and what against.</summary>
    public static string Signed(double value)
    {
        var digits = Plain(Math.Abs(value));
        return digits.Trim('0', '.').Length == 0 ? digits : (value < 0 ? "−" : "+") + digits;
    }

    /// <summary>Three significant digits.</summary>
    public static string Plain(double value)
    {
        if (!double.IsFinite(value))
        {
            return double.IsNaN(value) ? "not a number"
                : value > 0 ? "∞"
                : "−∞";
        }

        var size = Math.Abs(value);
        var text = size switch
        {
            0 => "0",
            < 0.0005 or >= 1e6 => value.ToString("0.0e+0", CultureInfo.InvariantCulture),
            < 1 => value.ToString("0.000", CultureInfo.InvariantCulture),
            < 100 => value.ToString("0.00", CultureInfo.InvariantCulture),
            _ => value.ToString("0.#", CultureInfo.InvariantCulture),
        };
        return text.Replace('-', '−');
    }

    /// <summary>For tables: as exact as it is useful.</summary>
    public static string Full(double value) => (value == 0 ? 0 : value).ToString("G6", CultureInfo.InvariantCulture);

    /// <summary>A whole number.</summary>
    public static string Count(int value) => value.ToString(CultureInfo.InvariantCulture);
}
