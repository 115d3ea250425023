using System.Globalization;
using System.Text.Json;

namespace ExplainService.Text.Families;

/// <summary>
/// Reads scores as the reference's JSON reader does: all digits as one integer, which is then divided by a power of ten. The last bit differs
/// from the nearest double now and then, and decides which of two equally good cuts of a text is taken.
/// </summary>
internal static class Scores
{
    private const int MaxPower = 308;

    /// <summary>A number of a JSON file.</summary>
    public static double Read(JsonElement number)
    {
        var text = number.GetRawText().AsSpan();
        var negative = text[0] == '-';
        var (digits, exponent, at, fraction, full) = (0UL, 0, negative ? 1 : 0, false, false);
        for (; at < text.Length && text[at] is not ('e' or 'E'); at++)
        {
            if (text[at] == '.')
            {
                fraction = true;
                continue;
            }

            // Digits that no integer of 64 bits has room for only count as places.
            var digit = (ulong)(text[at] - '0');
            full |= digits > (ulong.MaxValue - digit) / 10;
            digits = full ? digits : (digits * 10) + digit;
            exponent += (full, fraction) switch
            {
                (false, true) => -1,
                (true, false) => 1,
                _ => 0,
            };
        }

        if (at < text.Length)
        {
            exponent += int.TryParse(text[(at + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var written)
                ? Math.Clamp(written, -100_000, 100_000)
                : throw new TokenizerFormatException("The vocabulary has a score that is out of range.");
        }

        var value = Scale(digits, exponent);
        return negative ? -value : value;
    }

    private static double Scale(ulong digits, int exponent)
    {
        double value = digits;
        for (; exponent < -MaxPower && value != 0; exponent += MaxPower)
        {
            value /= 1e308;
        }

        return value == 0 ? 0
            : exponent < 0 ? value / Power(-exponent)
            : exponent <= MaxPower ? value * Power(exponent)
            : throw new TokenizerFormatException("The vocabulary has a score that is out of range.");
    }

    /// <summary>The double next to a power of ten, which a product of smaller ones need not be.</summary>
    private static double Power(int exponent) =>
        double.Parse(string.Create(CultureInfo.InvariantCulture, $"1e{exponent}"), NumberStyles.Float, CultureInfo.InvariantCulture);
}
