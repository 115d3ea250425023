using System.Text.Json;
using ExplainService.Text.Families;
using Xunit;

namespace ExplainService.Tests.Text.Families;

/// <summary>Scores are read as serde_json reads numbers without its float_roundtrip.</summary>
public sealed class ScoresTests
{
    [Theory]
    [InlineData("0", 0.0)]
    [InlineData("-1", -1.0)]
    [InlineData("-2.5", -2.5)]
    [InlineData("1e2", 100.0)]
    [InlineData("-12.75E-1", -1.275)]
    [InlineData("1e-400", 0.0)]
    public void What_is_exact_is_read_exactly(string text, double expected) => Assert.Equal(expected, Read(text));

    [Theory]
    [InlineData("-10.423453330993652", 10423453330993652, 1e15)]
    [InlineData("-2.0122928619384766", 20122928619384766, 1e16)]
    [InlineData("-18446744073709551.6159", 18446744073709551615, 1e3)]
    public void Digits_are_an_integer_over_a_power_of_ten(string text, ulong digits, double power) =>
        Assert.Equal(-((double)digits / power), Read(text));

    private static double Read(string text)
    {
        using var document = JsonDocument.Parse(text);
        return Scores.Read(document.RootElement);
    }
}
