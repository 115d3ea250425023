namespace ExplainService.Images.Units;

/// <summary>
/// Regions of like colour: SLIC, k-means over colour and place whose clusters look no further than twice their distance from each other (Achanta, Shaji,
/// Smith, Lucchi, Fua, Süsstrunk, "SLIC superpixels compared to state-of-the-art superpixel methods", IEEE TPAMI 34, 2012). The same picture gives the same
/// regions.
/// </summary>
public static class Superpixels
{
    private const int Iterations = 10;

    /// <summary>How much a place counts against a colour: the paper's usual value, of its range from 1 to 40.</summary>
    private const float Compactness = 10;

    /// <summary>About as many regions as asked, each in one piece, of a picture of the processed size.</summary>
    public static ImageUnits Of(RgbImage image, int segments)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(segments, 1);
        var colours = LabColours.Of(image);
        var spacing = Math.Max(Math.Sqrt((double)image.Width * image.Height / segments), 1);
        var centres = Seeds(image, colours, spacing);
        var labels = new int[image.Width * image.Height];
        var distances = new float[labels.Length];
        for (var iteration = 0; iteration < Iterations; iteration++)
        {
            Assign(image, colours, centres, spacing, labels, distances);
            MoveToMeans(image.Width, colours, labels, centres);
        }

        return ImageUnits.Of(
            image.Height,
            image.Width,
            ConnectedRegions.Of(image.Height, image.Width, labels, (int)(spacing * spacing / 4))
        );
    }

    /// <summary>Centres on a grid, each moved off edges: to the lowest gradient of the 3 × 3 pixels around it.</summary>
    private static Centre[] Seeds(RgbImage image, (float[] L, float[] A, float[] B) colours, double spacing)
    {
        var (rows, columns) = (Math.Max((int)Math.Round(image.Height / spacing), 1), Math.Max((int)Math.Round(image.Width / spacing), 1));
        var centres = new Centre[rows * columns];
        for (var i = 0; i < centres.Length; i++)
        {
            var (row, column) = ((i / columns) + 0.5, (i % columns) + 0.5);
            var (y, x) = Flattest(image, colours, (int)(row * image.Height / rows), (int)(column * image.Width / columns));
            var at = (y * image.Width) + x;
            centres[i] = new Centre(colours.L[at], colours.A[at], colours.B[at], x, y);
        }

        return centres;
    }

    private static (int Y, int X) Flattest(RgbImage image, (float[] L, float[] A, float[] B) colours, int row, int column)
    {
        var best = (Y: row, X: column);
        var least = double.PositiveInfinity;
        for (var y = Math.Max(row - 1, 1); y <= Math.Min(row + 1, image.Height - 2); y++)
        {
            for (var x = Math.Max(column - 1, 1); x <= Math.Min(column + 1, image.Width - 2); x++)
            {
                var at = (y * image.Width) + x;
                var gradient = Square(at + 1, at - 1) + Square(at + image.Width, at - image.Width);
                if (gradient < least)
                {
                    (least, best) = (gradient, (y, x));
                }
            }
        }

        return best;

        double Square(int one, int other)
        {
            var (l, a, b) = (colours.L[one] - colours.L[other], colours.A[one] - colours.A[other], colours.B[one] - colours.B[other]);
            return (l * l) + (a * a) + (b * b);
        }
    }

    private static void Assign(
        RgbImage image,
        (float[] L, float[] A, float[] B) colours,
        Centre[] centres,
        double spacing,
        int[] labels,
        float[] distances
    )
    {
        Array.Fill(distances, float.PositiveInfinity);
        var reach = (int)Math.Ceiling(2 * spacing);
        var placeWeight = (float)(Compactness * Compactness / (spacing * spacing));
        for (var i = 0; i < centres.Length; i++)
        {
            var centre = centres[i];
            var (left, right) = (Math.Max((int)centre.X - reach, 0), Math.Min((int)centre.X + reach, image.Width - 1));
            for (var y = Math.Max((int)centre.Y - reach, 0); y <= Math.Min((int)centre.Y + reach, image.Height - 1); y++)
            {
                var vertical = (y - centre.Y) * (y - centre.Y);
                for (var x = left; x <= right; x++)
                {
                    var at = (y * image.Width) + x;
                    var (l, a, b) = (colours.L[at] - centre.L, colours.A[at] - centre.A, colours.B[at] - centre.B);
                    var distance = (l * l) + (a * a) + (b * b) + (placeWeight * (((x - centre.X) * (x - centre.X)) + vertical));
                    if (distance < distances[at])
                    {
                        (distances[at], labels[at]) = (distance, i);
                    }
                }
            }
        }
    }

    private static void MoveToMeans(int width, (float[] L, float[] A, float[] B) colours, int[] labels, Centre[] centres)
    {
        var sums = new double[centres.Length, 5];
        var counts = new int[centres.Length];
        for (var at = 0; at < labels.Length; at++)
        {
            var label = labels[at];
            counts[label]++;
            sums[label, 0] += colours.L[at];
            sums[label, 1] += colours.A[at];
            sums[label, 2] += colours.B[at];
            sums[label, 3] += at % width;
            sums[label, 4] += at / width;
        }

        for (var i = 0; i < centres.Length; i++)
        {
            if (counts[i] > 0)
            {
                centres[i] = new Centre(Mean(i, 0), Mean(i, 1), Mean(i, 2), Mean(i, 3), Mean(i, 4));
            }
        }

        float Mean(int centre, int part) => (float)(sums[centre, part] / counts[centre]);
    }

    private readonly record struct Centre(float L, float A, float B, float X, float Y);
}
