namespace ExplainService.Images.Units;

/// <summary>A picture in rows and columns of rectangles, numbered row by row, as vision transformers read it.</summary>
/// <param name="Rows">Rows of patches.</param>
/// <param name="Columns">Columns of patches.</param>
/// <param name="Units">The patches as units.</param>
public sealed record PatchGrid(int Rows, int Columns, ImageUnits Units)
{
    /// <summary>
    /// The model's own patches. Pixels that are left over at the end, of which a model with such patches reads nothing, belong to the last ones.
    /// </summary>
    public static PatchGrid OfPatches(int height, int width, int patchHeight, int patchWidth)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(patchHeight, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(patchWidth, 1);
        var (rows, columns) = (Math.Max(height / patchHeight, 1), Math.Max(width / patchWidth, 1));
        return Of(height, width, rows, columns, y => Math.Min(y / patchHeight, rows - 1), x => Math.Min(x / patchWidth, columns - 1));
    }

    /// <summary>A grid of so many rows and columns, at most one a pixel; where they do not divide the picture, cells differ by a pixel.</summary>
    public static PatchGrid OfCells(int height, int width, int rows, int columns)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        (rows, columns) = (Math.Min(rows, height), Math.Min(columns, width));
        return Of(height, width, rows, columns, y => (int)((long)y * rows / height), x => (int)((long)x * columns / width));
    }

    private static PatchGrid Of(int height, int width, int rows, int columns, Func<int, int> rowOf, Func<int, int> columnOf)
    {
        var labels = new int[height * width];
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                labels[(y * width) + x] = (rowOf(y) * columns) + columnOf(x);
            }
        }

        return new PatchGrid(rows, columns, ImageUnits.Of(height, width, labels));
    }
}
