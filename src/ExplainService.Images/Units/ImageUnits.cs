namespace ExplainService.Images.Units;

/// <summary>The pixels of a processed picture, each in one unit: patches, superpixels or regions of a mask.</summary>
public sealed class ImageUnits
{
    private readonly int[] labels;

    private ImageUnits(int height, int width, int[] labels, Window[] boxes) =>
        (Height, Width, this.labels, Boxes) = (height, width, labels, boxes);

    /// <summary>Rows of the processed picture.</summary>
    public int Height { get; }

    /// <summary>Its columns.</summary>
    public int Width { get; }

    /// <summary>How many units.</summary>
    public int Count => Boxes.Count;

    /// <summary>The unit of each pixel, row by row.</summary>
    public ReadOnlySpan<int> Labels => labels;

    /// <summary>The smallest rectangle around each unit, in processed pixels.</summary>
    public IReadOnlyList<Window> Boxes { get; }

    /// <summary>Of a unit for each pixel; they are numbered from zero, and none is without pixels.</summary>
    public static ImageUnits Of(int height, int width, int[] labels)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(labels.Length, height * width, nameof(labels));
        ArgumentOutOfRangeException.ThrowIfNegative(labels.Min(), nameof(labels));
        var edges = new (int Left, int Top, int Right, int Bottom)[labels.Max() + 1];
        Array.Fill(edges, (width, height, 0, 0));
        for (var pixel = 0; pixel < labels.Length; pixel++)
        {
            ref var edge = ref edges[labels[pixel]];
            var (row, column) = (pixel / width, pixel % width);
            edge = (Math.Min(edge.Left, column), Math.Min(edge.Top, row), Math.Max(edge.Right, column + 1), Math.Max(edge.Bottom, row + 1));
        }

        return Array.Exists(edges, edge => edge.Right == 0)
            ? throw new ArgumentException("A unit is without pixels.", nameof(labels))
            : new ImageUnits(
                height,
                width,
                labels,
                Array.ConvertAll(edges, edge => new Window(edge.Left, edge.Top, edge.Right - edge.Left, edge.Bottom - edge.Top))
            );
    }

    /// <summary>Rectangles of that size, numbered row by row; at the right and the lower edge smaller ones, where they do not divide the picture.</summary>
    public static ImageUnits OfPatches(int height, int width, int patchHeight, int patchWidth)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(patchHeight, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(patchWidth, 1);
        var columns = (width + patchWidth - 1) / patchWidth;
        return Of(
            height,
            width,
            [.. Enumerable.Range(0, height * width).Select(pixel => (pixel / width / patchHeight * columns) + (pixel % width / patchWidth))]
        );
    }
}
