using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using SkiaSharp;
using SkiaSharp.HarfBuzz;

namespace ExplainService.Rendering.Typography;

/// <summary>A part of a line in one typeface.</summary>
/// <param name="Text">The part.</param>
/// <param name="Face">Its typeface.</param>
internal sealed record TextRun(string Text, Face Face);

/// <summary>A typeface with its shaper.</summary>
internal sealed class Face(SKTypeface typeface) : IDisposable
{
    private static readonly ConcurrentDictionary<SKTypeface, Face> Faces = new();
    private readonly SKShaper shaper = new(typeface);
    private readonly SKFont coverage = new(typeface);
    private readonly Lock shaping = new();

    /// <summary>The typeface.</summary>
    public SKTypeface Typeface => typeface;

    /// <summary>The face of a typeface, made once.</summary>
    public static Face Of(SKTypeface typeface) => Faces.GetOrAdd(typeface, made => new Face(made));

    /// <summary>Whether it has a character.</summary>
    public bool Has(int character) => coverage.ContainsGlyph(character);

    /// <summary>Glyphs and their places.</summary>
    public SKShaper.Result Shape(string text, SKFont font)
    {
        lock (shaping)
        {
            return shaper.Shape(text, font);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        shaper.Dispose();
        coverage.Dispose();
    }

    /// <summary>A font of this face as pictures use it.</summary>
    public SKFont Font(double size) =>
        new(typeface, (float)size)
        {
            Subpixel = true,
            Edging = SKFontEdging.Antialias,
            Hinting = SKFontHinting.None,
        };
}

/// <summary>Splits a line into runs of one typeface: Inter where it can, else an installed font, else Inter's visible box.</summary>
internal static class TextRuns
{
    /// <summary>The runs, from left to right.</summary>
    public static IReadOnlyList<TextRun> Split(string text, bool bold, bool rightToLeft)
    {
        var runs = new List<TextRun>();
        var (start, at, face) = (0, 0, (Face?)null);
        while (at < text.Length)
        {
            var length = StringInfo.GetNextTextElementLength(text, at);
            var wanted = FaceOf(text.AsSpan(at, length), bold, face);
            if (face is not null && wanted != face)
            {
                runs.Add(new TextRun(text[start..at], face));
                start = at;
            }

            (face, at) = (wanted, at + length);
        }

        if (face is not null)
        {
            runs.Add(new TextRun(text[start..], face));
        }

        if (runs.Count < 2)
        {
            return runs;
        }

        var order = Direction.VisualOrder([.. runs.Select(run => Direction.Of(run.Text))], rightToLeft);
        return [.. order.Select(index => runs[index])];
    }

    private static Face FaceOf(ReadOnlySpan<char> grapheme, bool bold, Face? current)
    {
        var main = Face.Of(bold ? InterFont.SemiBold : InterFont.Regular);
        Rune.DecodeFromUtf16(grapheme, out var rune, out var length);

        // Emoji presentation: Inter has a few of them as outlines of letters.
        var wantsEmoji = grapheme.Length > length && grapheme.Contains('\uFE0F');
        if (!wantsEmoji && main.Has(rune.Value))
        {
            // A space or mark between letters of another font stays with them.
            return current is not null && current != main && Rune.IsWhiteSpace(rune) && current.Has(rune.Value) ? current : main;
        }

        return SystemFonts.For(rune.Value) is { } found ? Face.Of(found) : main;
    }
}
