namespace ExplainService.Graph.Patterns;

/// <summary>A picture as a model takes it.</summary>
/// <param name="Channels">Channels of a pixel.</param>
/// <param name="Height">Rows of pixels.</param>
/// <param name="Width">Columns of pixels.</param>
public sealed record PixelSize(int Channels, int Height, int Width);

/// <summary>
/// How a picture becomes a sequence: patches row by row, in places of a sequence that may hold further tokens (a class token before them).
/// </summary>
/// <param name="Pixels">The picture.</param>
/// <param name="PatchHeight">Rows of pixels of a patch.</param>
/// <param name="PatchWidth">Columns of pixels of a patch.</param>
public sealed record PatchLayout(PixelSize Pixels, int PatchHeight, int PatchWidth)
{
    /// <summary>Tokens of the sequence before the first patch.</summary>
    public int Before { get; init; }

    /// <summary>Tokens of the sequence behind the last patch.</summary>
    public int Behind { get; init; }

    /// <summary>The model cuts the picture so itself; otherwise it has no patches, or far smaller ones, and these are for explanations alone.</summary>
    public bool IsModels { get; init; }

    /// <summary>Rows of patches; the last may hang over the edge.</summary>
    public int Rows => (Pixels.Height + PatchHeight - 1) / PatchHeight;

    /// <summary>Columns of patches.</summary>
    public int Columns => (Pixels.Width + PatchWidth - 1) / PatchWidth;

    /// <summary>Patches.</summary>
    public int Count => Rows * Columns;

    /// <summary>Tokens of the sequence.</summary>
    public int Sequence => Before + Count + Behind;

    /// <summary>Pixels of a token.</summary>
    public int TokenPixels => PatchHeight * PatchWidth;

    /// <summary>Numbers of a token: its pixels row by row, each with its channels.</summary>
    public int TokenSize => TokenPixels * Pixels.Channels;
}
