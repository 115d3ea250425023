namespace ExplainService.Images;

/// <summary>A rectangle of pixels; of a picture it may reach beyond its edges.</summary>
/// <param name="Left">Its first column.</param>
/// <param name="Top">Its first row.</param>
/// <param name="Width">Columns.</param>
/// <param name="Height">Rows.</param>
public readonly record struct Window(int Left, int Top, int Width, int Height)
{
    /// <summary>The column after its last.</summary>
    public int Right => Left + Width;

    /// <summary>The row after its last.</summary>
    public int Bottom => Top + Height;

    /// <summary>What it shares with a picture of this size.</summary>
    internal Window Within(int width, int height)
    {
        var (left, top) = (Math.Clamp(Left, 0, width), Math.Clamp(Top, 0, height));
        return new Window(left, top, Math.Clamp(Right, left, width) - left, Math.Clamp(Bottom, top, height) - top);
    }
}
