namespace ExplainService.Images.Processing;

/// <summary>Where the pixels that a model sees lie in the picture as sent: resized first, then a window of it.</summary>
/// <param name="PictureWidth">Columns of the picture as sent, upright.</param>
/// <param name="PictureHeight">Its rows.</param>
/// <param name="ResizedWidth">Columns after resizing.</param>
/// <param name="ResizedHeight">Rows after resizing.</param>
/// <param name="Seen">What the model sees of the resized picture.</param>
public sealed record PictureMap(int PictureWidth, int PictureHeight, int ResizedWidth, int ResizedHeight, Window Seen)
{
    /// <summary>
    /// A rectangle of the model's pixels in pixels of the picture as sent. Edges are rounded, so that boxes that touch still do; a box is of one pixel at
    /// least, unless it lies beyond the picture's edge: then it has no width or no height.
    /// </summary>
    public Window ToPicture(Window seen)
    {
        var (left, width) = Span(seen.Left + Seen.Left, seen.Width, ResizedWidth, PictureWidth);
        var (top, height) = Span(seen.Top + Seen.Top, seen.Height, ResizedHeight, PictureHeight);
        return new Window(left, top, width, height);
    }

    /// <summary>
    /// Which of the model's pixels, counted row by row, lies at each of the <paramref name="width"/> × <paramref name="height"/> pixels with
    /// which the picture as sent is drawn; −1 where the model sees nothing of it.
    /// </summary>
    public int[] Sources(int width, int height)
    {
        var columns = Indices(width, ResizedWidth, Seen.Left);
        var rows = Indices(height, ResizedHeight, Seen.Top);
        var sources = new int[width * height];
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                var (row, column) = (rows[y], columns[x]);
                sources[(y * width) + x] =
                    row >= 0 && row < Seen.Height && column >= 0 && column < Seen.Width ? (row * Seen.Width) + column : -1;
            }
        }

        return sources;
    }

    private static (int From, int Length) Span(int from, int length, int resized, int picture)
    {
        var scale = (double)picture / resized;
        var (start, end) = (Math.Clamp(from, 0, resized) * scale, Math.Clamp(from + length, 0, resized) * scale);
        if (end <= start)
        {
            return ((int)Math.Round(start), 0);
        }

        var (first, after) = ((int)Math.Round(start), (int)Math.Round(end));
        return after > first ? (first, after - first) : (Math.Min((int)((start + end) / 2), picture - 1), 1);
    }

    private static int[] Indices(int drawn, int resized, int offset)
    {
        var indices = new int[drawn];
        for (var i = 0; i < drawn; i++)
        {
            indices[i] = (int)((i + 0.5) * resized / drawn) - offset;
        }

        return indices;
    }
}
