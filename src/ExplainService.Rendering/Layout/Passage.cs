using ExplainService.Rendering.Colours;
using ExplainService.Rendering.Scenes;
using ExplainService.Rendering.Typography;

namespace ExplainService.Rendering.Layout;

/// <summary>How a part of a text is shown.</summary>
/// <param name="Start">Start in the text, UTF-16.</param>
/// <param name="End">End in the text, UTF-16.</param>
/// <param name="Colour">Its background; null for none.</param>
/// <param name="Sign">1: underlined; −1: underlined with dashes; 0: neither.</param>
/// <param name="Tip">What is said when it is pointed at.</param>
internal sealed record PassagePart(int Start, int End, Tone? Colour, int Sign, string? Tip);

/// <summary>
/// The text itself, exactly as sent, wrapped. Every piece is positioned by itself, so that a viewer whose font is wider or narrower than
/// ours shifts nothing but the piece. The pieces' text in order, line breaks included, is the whole text.
/// </summary>
internal static class Passage
{
    /// <summary>The most characters to draw; beyond that nobody reads a picture.</summary>
    public const int MaxCharacters = 40_000;

    private const double Size = 16;
    private const double LineHeight = 31;

    /// <summary>Draws a text, and moves below it.</summary>
    /// <returns>How many characters at its end were left out.</returns>
    public static int Draw(Sheet sheet, string text, IReadOnlyList<PassagePart> parts, Palette palette)
    {
        var shown =
            text.Length <= MaxCharacters
                ? text
                : text[..(char.IsHighSurrogate(text[MaxCharacters - 1]) ? MaxCharacters - 1 : MaxCharacters)];
        var pieces = PassagePieces.Cut(shown, [.. parts.Select(part => (part.Start, part.End))], Size, sheet.Inner);
        var line = new List<PassagePiece>();
        var cluster = new List<PassagePiece>();
        var (lineWidth, paragraph) = (0.0, (bool?)null);
        foreach (var piece in pieces)
        {
            cluster.Add(piece);
            paragraph ??= Direction.Of(piece.Text);
            if (!piece.BreakAfter && !piece.EndsLine)
            {
                continue;
            }

            Close();
            if (piece.EndsLine)
            {
                DrawLine(sheet, line, parts, paragraph ?? false, palette);
                (lineWidth, paragraph) = (0, null);
            }
        }

        Close();
        if (line.Count > 0)
        {
            DrawLine(sheet, line, parts, paragraph ?? false, palette);
        }

        return text.Length - shown.Length;

        void Close()
        {
            var width = cluster.Sum(piece => piece.Width);
            var visible = cluster.Sum(piece => piece.IsSpace ? 0 : piece.Width);
            if (line.Count > 0 && lineWidth + visible > sheet.Inner)
            {
                DrawLine(sheet, line, parts, paragraph ?? false, palette);
                lineWidth = 0;
            }

            line.AddRange(cluster);
            lineWidth += width;
            cluster.Clear();
        }
    }

    private static void DrawLine(Sheet sheet, List<PassagePiece> line, IReadOnlyList<PassagePart> parts, bool rightToLeft, Palette palette)
    {
        var order = Direction.VisualOrder([.. line.Select(piece => Direction.Of(piece.Text))], rightToLeft);
        var width = line.Sum(piece => piece.Width);

        // Space that hangs over the end of the line takes no part in where it starts.
        var x = rightToLeft ? sheet.Right - width : sheet.Left;
        var left = new double[line.Count];
        foreach (var index in order)
        {
            left[index] = x;
            x += line[index].Width;
        }

        for (var index = 0; index < line.Count; index++)
        {
            var joined =
                line[index].Part >= 0
                && (
                    (index > 0 && line[index - 1].Part == line[index].Part)
                    || (index + 1 < line.Count && line[index + 1].Part == line[index].Part)
                );
            sheet.Add(Drawn(line[index], left[index], sheet.Y, parts, rightToLeft, palette, joined));
        }

        sheet.Y += LineHeight;
        line.Clear();
    }

    private static Group Drawn(
        PassagePiece piece,
        double x,
        double y,
        IReadOnlyList<PassagePart> parts,
        bool rightToLeft,
        Palette palette,
        bool joined
    )
    {
        var drawn = new List<Element>(3);
        var part = piece.Part < 0 ? null : parts[piece.Part];
        if (part is not null && piece is { Width: > 0, EndsLine: false })
        {
            if (part.Colour is { } colour)
            {
                // Pieces of one part overlap by a hair: where they only met, smoothing would let the page through.
                drawn.Add(joined ? new Box(x, y, piece.Width + 0.6, 23, colour) : new Box(x, y, piece.Width, 23, colour) { Radius = 2 });
            }

            for (double at = 0, step = part.Sign < 0 ? 6 : piece.Width; part.Sign != 0 && at < piece.Width; at += step)
            {
                var dash = part.Sign < 0 ? Math.Min(3.5, piece.Width - at) : piece.Width;
                drawn.Add(new Box(x + at, y + 23.5, dash, 2.5, part.Sign < 0 ? palette.Against : palette.For));
            }
        }

        var backwards = Direction.Of(piece.Text) ?? rightToLeft;
        var ink = part?.Colour?.InkOn() ?? Tone.Ink;
        drawn.Add(new Label(backwards ? x + piece.Width : x, y + 17, piece.Text, Size, ink) { RightToLeft = backwards });
        return new Group(drawn) { Tip = part?.Tip };
    }
}
