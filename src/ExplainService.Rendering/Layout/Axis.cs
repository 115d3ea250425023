using System.Globalization;
using ExplainService.Rendering.Colours;
using ExplainService.Rendering.Scenes;
using ExplainService.Rendering.Typography;

namespace ExplainService.Rendering.Layout;

/// <summary>A linear axis: values to pixels, with marks at round numbers.</summary>
internal sealed class Axis
{
    private readonly double from;
    private readonly double scale;

    /// <summary>An axis over values, with a little room at both ends.</summary>
    /// <param name="least">The smallest value.</param>
    /// <param name="most">The largest value.</param>
    /// <param name="start">Pixel of the smallest.</param>
    /// <param name="end">Pixel of the largest.</param>
    /// <param name="room">Share of the span that is left free at either end.</param>
    public Axis(double least, double most, double start, double end, double room = 0.04)
    {
        var span = most - least is > 0 and var wide ? wide : Math.Max(Math.Abs(most), 1e-6);
        (Least, Most) = (least - (room * span), most + (room * span));
        from = start;
        scale = (end - start) / (Most - Least);
    }

    /// <summary>Value at the start.</summary>
    public double Least { get; }

    /// <summary>Value at the end.</summary>
    public double Most { get; }

    /// <summary>Pixel of a value.</summary>
    public double At(double value) => from + ((value - Least) * scale);

    /// <summary>Round numbers within the axis, and how they are written: all with the digits that tell them apart.</summary>
    /// <param name="about">How many are wanted.</param>
    public IEnumerable<(double Value, string Text)> Marks(int about)
    {
        var raw = (Most - Least) / about;
        var power = Math.Pow(10, Math.Floor(Math.Log10(raw)));
        var step =
            power
            * (raw / power) switch
            {
                < 1.5 => 1,
                < 3.5 => 2,
                < 7.5 => 5,
                _ => 10,
            };
        for (var mark = Math.Ceiling(Least / step); mark * step <= Most; mark++)
        {
            yield return (mark * step, mark == 0 ? "0" : Text(mark * step, step));
        }
    }

    /// <summary>How many marks stand well apart.</summary>
    public static int HowMany(double width) => (int)Math.Clamp(width / 90, 2, 8);

    /// <summary>Draws the axis below what stands above it, with light lines through it.</summary>
    public void DrawBelow(Sheet sheet, double top, double left, double right)
    {
        foreach (var (mark, text) in Marks(HowMany(right - left)))
        {
            sheet.Add(new Line(At(mark), top, At(mark), sheet.Y, Tone.Panel));
            sheet.Add(new Label(At(mark), sheet.Y + 15, text, 11, Tone.Faint) { Anchor = Anchor.Middle });
        }

        sheet.Add(new Line(left, sheet.Y, right, sheet.Y, Tone.Rule));
        sheet.Y += 20;
    }

    private static string Text(double mark, double step) =>
        step is < 1e-6 or >= 1e6
            ? Numbers.Plain(mark)
            : mark.ToString("F" + Numbers.Count(Math.Max(0, (int)Math.Ceiling(-Math.Log10(step) - 1e-9))), CultureInfo.InvariantCulture)
                .Replace('-', '−');
}
