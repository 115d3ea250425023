using System.Collections.Concurrent;

namespace ExplainService.Rendering.Typography;

/// <summary>
/// Widths of text in Inter, which is among the wider of the sans-serif faces that viewers fall back to: what fits in it fits in theirs.
/// </summary>
public static class TextMeasure
{
    private const double Em = 100;
    private const int Remembered = 50_000;
    private static readonly ConcurrentDictionary<(string Text, bool Bold), double> Widths = new();

    /// <summary>Height of a line by its font size.</summary>
    public const double LineHeight = 1.3;

    /// <summary>The width of a text on one line, in pixels.</summary>
    public static double Width(string text, double size, bool bold = false)
    {
        if (text.Length == 0)
        {
            return 0;
        }

        if (!Widths.TryGetValue((text, bold), out var width))
        {
            width = Shaped(text, bold);
            if (text.Length <= 32 && Widths.Count < Remembered)
            {
                Widths.TryAdd((text, bold), width);
            }
        }

        return width * size / Em;
    }

    private static double Shaped(string text, bool bold)
    {
        double width = 0;
        foreach (var run in TextRuns.Split(text, bold, rightToLeft: false))
        {
            using var font = run.Face.Font(Em);
            width += run.Shape(font).Width;
        }

        return width;
    }
}
