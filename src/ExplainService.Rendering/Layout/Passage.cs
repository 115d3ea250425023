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
internal sealed record PassagePart(int Start, int End, Tone? Colour, int Sign, string? Tip)
{
    /// <summary>What stands small below where it begins.</summary>
    public string? Mark { get; init; }

    /// <summary>Whether it is struck through: it stands in the text no more.</summary>
    public bool Struck { get; init; }
}

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
    private const double MarkedLineHeight = 38;
    private const double MarkSize = 10;

    /// <summary>Draws a text, and moves below it.</summary>
    /// <returns>How many characters at its end were left out.</returns>
    public static int Draw(Sheet sheet, string text, IReadOnlyList<PassagePart> parts, Palette palette)
    {
        var shown =
            text.Length <= MaxCharacters
                ? text
                : text[..(char.IsHighSurrogate(text[MaxCharacters - 1]) ? MaxCharacters - 1 : MaxCharacters)];
        foreach (
            var paragraph in PassageLines.Until(
                PassagePieces.Cut(shown, [.. parts.Select(part => (part.Start, part.End))], Size, sheet.Inner),
                piece => piece.EndsLine
            )
        )
        {
            var whole = string.Concat(paragraph.Select(piece => piece.Text));
            var rightToLeft = Direction.Of(whole) ?? false;
            var levels = Bidi.Levels(whole, rightToLeft);
            var start = 0;
            foreach (var line in PassageLines.Wrap(paragraph, sheet.Inner))
            {
                var length = line.Sum(piece => piece.Text.Length);
                DrawLine(sheet, line, levels.AsMemory(start, length), parts, rightToLeft, palette);
                start += length;
            }
        }

        return text.Length - shown.Length;
    }

    private static void DrawLine(
        Sheet sheet,
        IReadOnlyList<PassagePiece> line,
        ReadOnlyMemory<byte> levels,
        IReadOnlyList<PassagePart> parts,
        bool rightToLeft,
        Palette palette
    )
    {
        var runs = Runs(line, levels, rightToLeft);
        var order = Bidi.VisualOrder([.. runs.Select(run => run.Level)]);

        // Space that hangs over the end of the line takes no part in where it starts.
        var x = rightToLeft ? sheet.Right - runs.Sum(run => run.Piece.Width) : sheet.Left;
        var left = new double[runs.Count];
        foreach (var index in order)
        {
            left[index] = x;
            x += runs[index].Piece.Width;
        }

        for (var index = 0; index < runs.Count; index++)
        {
            var part = runs[index].Piece.Part;
            var joined =
                part >= 0
                && ((index > 0 && runs[index - 1].Piece.Part == part) || (index + 1 < runs.Count && runs[index + 1].Piece.Part == part));
            var starts = part >= 0 && (index == 0 || runs[index - 1].Piece.Part != part);
            sheet.Add(Drawn(runs[index].Piece, left[index], sheet.Y, parts, runs[index].Level % 2 == 1, palette, joined));
            if (starts && parts[part].Mark is { } mark)
            {
                sheet.Add(Below(mark, runs[index].Piece, left[index], sheet.Y + 33, runs[index].Level % 2 == 1));
            }
        }

        sheet.Y += parts.Any(part => part.Mark is not null) ? MarkedLineHeight : LineHeight;
    }

    private static Label Below(string mark, PassagePiece piece, double x, double y, bool backwards) =>
        new(backwards ? x + piece.Width : x, y, mark, MarkSize, Tone.Faint) { Anchor = backwards ? Anchor.End : Anchor.Start };

    /// <summary>The pieces of a line, cut where the direction changes: what is drawn in one go has one level.</summary>
    private static List<(PassagePiece Piece, byte Level)> Runs(
        IReadOnlyList<PassagePiece> line,
        ReadOnlyMemory<byte> levels,
        bool rightToLeft
    )
    {
        var runs = new List<(PassagePiece, byte)>();
        var at = 0;
        var visible = line.Count - line.Reverse().TakeWhile(piece => piece.IsSpace).Count();
        foreach (var (place, piece) in line.Index())
        {
            foreach (var (start, end, level) in Bidi.Runs(levels.Slice(at, piece.Text.Length)))
            {
                var text = piece.Text[start..end];
                var cut = text.Length == piece.Text.Length ? piece : piece with { Text = text, Width = PassagePieces.Width(text, Size) };

                // L1 for lines that are wrapped: the space at their end stands where the line ends.
                runs.Add(
                    (
                        cut,
                        place < visible ? level
                        : rightToLeft ? (byte)1
                        : (byte)0
                    )
                );
            }

            at += piece.Text.Length;
        }

        return runs;
    }

    private static Group Drawn(
        PassagePiece piece,
        double x,
        double y,
        IReadOnlyList<PassagePart> parts,
        bool backwards,
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

        var ink = part?.Colour?.InkOn() ?? Tone.Ink;
        drawn.Add(new Label(backwards ? x + piece.Width : x, y + 17, piece.Text, Size, ink) { RightToLeft = backwards });
        if (part is { Struck: true } && piece is { Width: > 0, EndsLine: false })
        {
            drawn.Add(new Box(x, y + 11.5, piece.Width, 1.6, ink));
        }

        return new Group(drawn) { Tip = part?.Tip };
    }
}
