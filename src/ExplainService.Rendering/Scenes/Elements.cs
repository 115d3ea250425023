using ExplainService.Images;
using ExplainService.Rendering.Colours;

namespace ExplainService.Rendering.Scenes;

/// <summary>A thing to draw. Coordinates are pixels from the picture's upper left corner.</summary>
public abstract record Element
{
    /// <summary>What a viewer says of it when it is pointed at.</summary>
    public string? Tip { get; init; }
}

/// <summary>A rectangle.</summary>
public sealed record Box(double X, double Y, double Width, double Height, Tone Fill) : Element
{
    /// <summary>Radius of its corners.</summary>
    public double Radius { get; init; }

    /// <summary>Colour of its frame, one pixel wide.</summary>
    public Tone? Stroke { get; init; }
}

/// <summary>A straight line.</summary>
public sealed record Line(double X1, double Y1, double X2, double Y2, Tone Stroke) : Element
{
    /// <summary>Its width.</summary>
    public double Width { get; init; } = 1;

    /// <summary>0: invisible, 1: opaque.</summary>
    public double Opacity { get; init; } = 1;

    /// <summary>Dashed rather than solid.</summary>
    public bool Dashed { get; init; }
}

/// <summary>A point.</summary>
public readonly record struct Spot(double X, double Y);

/// <summary>A path of straight pieces.</summary>
public sealed record Outline(IReadOnlyList<Spot> Points) : Element
{
    /// <summary>What it is filled with; closes it.</summary>
    public Tone? Fill { get; init; }

    /// <summary>What it is drawn with.</summary>
    public Tone? Stroke { get; init; }

    /// <summary>Width of the stroke.</summary>
    public double Width { get; init; } = 1;
}

/// <summary>Which point of a text run its position is.</summary>
public enum Anchor
{
    /// <summary>Where reading starts.</summary>
    Start,

    /// <summary>The middle.</summary>
    Middle,

    /// <summary>Where reading ends.</summary>
    End,
}

/// <summary>A text run on one line; Y is its baseline.</summary>
/// <param name="X">Position of the anchor.</param>
/// <param name="Y">The baseline.</param>
/// <param name="Text">What it says, in logical order, as <see cref="Typography.VisibleText"/> gives it.</param>
/// <param name="Size">Size of the font.</param>
/// <param name="Ink">Its colour.</param>
public sealed record Label(double X, double Y, string Text, double Size, Tone Ink) : Element
{
    /// <summary>What <see cref="X"/> is.</summary>
    public Anchor Anchor { get; init; }

    /// <summary>Semi-bold.</summary>
    public bool Bold { get; init; }

    /// <summary>Degrees clockwise around the anchor.</summary>
    public double Angle { get; init; }

    /// <summary>Reads from right to left: <see cref="Anchor.Start"/> is its right edge.</summary>
    public bool RightToLeft { get; init; }
}

/// <summary>A matrix drawn as an image, one pixel a cell, without smoothing.</summary>
/// <param name="X">Left.</param>
/// <param name="Y">Top.</param>
/// <param name="Width">Width on the picture.</param>
/// <param name="Height">Height on the picture.</param>
/// <param name="Columns">Cells in a row.</param>
/// <param name="Levels">[row × column] indices into <paramref name="Colours"/>.</param>
/// <param name="Colours">At most 256.</param>
public sealed record Raster(double X, double Y, double Width, double Height, int Columns, byte[] Levels, IReadOnlyList<Tone> Colours)
    : Element
{
    /// <summary>Number of rows.</summary>
    public int Rows => Levels.Length / Columns;
}

/// <summary>A picture, in its own pixels.</summary>
/// <param name="X">Left.</param>
/// <param name="Y">Top.</param>
/// <param name="Width">Width on the page.</param>
/// <param name="Height">Height on the page.</param>
/// <param name="Image">The picture.</param>
/// <param name="IsFlat">Of few colours with sharp edges, which are kept; else photographs' compression will do.</param>
public sealed record Photo(double X, double Y, double Width, double Height, RgbImage Image, bool IsFlat) : Element;

/// <summary>Things that belong together.</summary>
public sealed record Group(IReadOnlyList<Element> Children) : Element;
