using ExplainService.Rendering.Colours;

namespace ExplainService.Rendering;

/// <summary>How a picture is wanted.</summary>
public sealed record PictureOptions
{
    /// <summary>The narrowest picture.</summary>
    public const int Narrowest = 240;

    /// <summary>The widest picture.</summary>
    public const int Widest = 4096;

    /// <summary>The most units to list.</summary>
    public const int MaxTop = 500;

    /// <summary>The smallest <see cref="Scale"/>.</summary>
    public const double MinScale = 1e-9;

    /// <summary>The largest <see cref="Scale"/>.</summary>
    public const double MaxScale = 1e9;

    /// <summary>Everything at its default.</summary>
    public static readonly PictureOptions Default = new();

    /// <summary>Name of the view; null: the one that fits the answer best.</summary>
    public string? View { get; init; }

    /// <summary>Pixels.</summary>
    public int Width { get; init; } = 960;

    /// <summary>The page that it stands on.</summary>
    public Theme Theme { get; init; }

    /// <summary>Colours of numbers.</summary>
    public Palette Palette { get; init; } = Palette.All[0];

    /// <summary>How many of the strongest units are listed one by one.</summary>
    public int Top { get; init; } = 20;

    /// <summary>
    /// The number that has the strongest colour and the longest bar, so that pictures can be compared; null: the largest of the picture.
    /// </summary>
    public double? Scale { get; init; }

    /// <summary>The layer to show, of those in the answer; null: all of them together.</summary>
    public int? Layer { get; init; }

    /// <summary>How opaque the strongest colour is on an explained picture, 0 to 1.</summary>
    public double Opacity { get; init; } = 0.7;

    /// <summary>Of a picture's attention: the patch whose attention is shown, counted from 0; null: the class token's.</summary>
    public int? Patch { get; init; }

    /// <summary>The head to show, of those in the answer; null: all of them together.</summary>
    public int? Head { get; init; }
}
