using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using SkiaSharp;
using SkiaSharp.HarfBuzz;

namespace ExplainService.Rendering.Typography;

/// <summary>A part of a line in one typeface and one direction.</summary>
/// <param name="Text">The part.</param>
/// <param name="Face">Its typeface.</param>
/// <param name="RightToLeft">Its direction, in which brackets are mirrored.</param>
internal sealed record TextRun(string Text, Face Face, bool RightToLeft)
{
    /// <summary>Glyphs and their places, from left to right.</summary>
    public SKShaper.Result Shape(SKFont font) => Face.Shape(Text, font, RightToLeft);
}

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
    public SKShaper.Result Shape(string text, SKFont font, bool rightToLeft)
    {
        using var buffer = new HarfBuzzSharp.Buffer();
        buffer.AddUtf16(text);
        buffer.GuessSegmentProperties();
        buffer.Direction = rightToLeft ? HarfBuzzSharp.Direction.RightToLeft : HarfBuzzSharp.Direction.LeftToRight;
        lock (shaping)
        {
            return shaper.Shape(buffer, font);
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
        var (runs, levels) = (new List<TextRun>(), new List<byte>());
        foreach (var (from, to, level) in Bidi.Runs(Bidi.Levels(text, rightToLeft)))
        {
            var (start, at, face) = (from, from, (Face?)null);
            while (at < to)
            {
                var length = Math.Min(StringInfo.GetNextTextElementLength(text, at), to - at);
                var wanted = FaceOf(text.AsSpan(at, length), bold, face);
                if (face is not null && wanted != face)
                {
                    Add(text[start..at], face, level);
                    start = at;
                }

                (face, at) = (wanted, at + length);
            }

            Add(text[start..to], face!, level);
        }

        return levels.Count < 2 ? runs : [.. Bidi.VisualOrder(levels).Select(index => runs[index])];

        void Add(string part, Face face, byte level)
        {
            runs.Add(new TextRun(part, face, level % 2 == 1));
            levels.Add(level);
        }
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
