namespace ExplainService.Images.Units;

/// <summary>The pixels of a processed picture, each in one unit: patches, cells of a grid, superpixels or regions of a mask.</summary>
public sealed class ImageUnits
{
    private readonly int[] labels;
    private readonly Run[][] runs;

    private ImageUnits(int height, int width, int[] labels, Run[][] runs)
    {
        (Height, Width, this.labels, this.runs) = (height, width, labels, runs);
        Boxes = [.. runs.Select(Box)];
    }

    /// <summary>Rows of the processed picture.</summary>
    public int Height { get; }

    /// <summary>Its columns.</summary>
    public int Width { get; }

    /// <summary>How many units.</summary>
    public int Count => runs.Length;

    /// <summary>The unit of each pixel, row by row.</summary>
    public ReadOnlySpan<int> Labels => labels;

    /// <summary>The smallest rectangle around each unit, in processed pixels.</summary>
    public IReadOnlyList<Window> Boxes { get; }

    /// <summary>Of a unit for each pixel; they are numbered from zero, and none is without pixels.</summary>
    public static ImageUnits Of(int height, int width, int[] labels)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(labels.Length, height * width, nameof(labels));
        var runs = new List<List<Run>>();
        for (var row = 0; row < height; row++)
        {
            for (var column = 0; column < width; )
            {
                var (label, start) = (labels[(row * width) + column], column);
                while (column < width && labels[(row * width) + column] == label)
                {
                    column++;
                }

                ArgumentOutOfRangeException.ThrowIfNegative(label, nameof(labels));
                while (runs.Count <= label)
                {
                    runs.Add([]);
                }

                runs[label].Add(new Run(row, start, column - start));
            }
        }

        return runs.Exists(unit => unit.Count == 0)
            ? throw new ArgumentException("A unit is without pixels.", nameof(labels))
            : new ImageUnits(height, width, labels, [.. runs.Select(unit => unit.ToArray())]);
    }

    /// <summary>How many pixels a unit has.</summary>
    public int Area(int unit) => runs[unit].Sum(run => run.Length);

    /// <summary>The sum of a value per pixel over each unit.</summary>
    public double[] Sums(ReadOnlySpan<float> plane)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(plane.Length, labels.Length, nameof(plane));
        var sums = new double[Count];
        for (var pixel = 0; pixel < labels.Length; pixel++)
        {
            sums[labels[pixel]] += plane[pixel];
        }

        return sums;
    }

    /// <summary>A value per unit, spread over its pixels.</summary>
    public float[] Spread(IReadOnlyList<double> scores)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(scores.Count, Count, nameof(scores));
        return Array.ConvertAll(labels, label => (float)scores[label]);
    }

    /// <summary>
    /// The picture with the absent units replaced, into <paramref name="row"/>: [channel][row][column], as <paramref name="pixels"/> and
    /// <paramref name="replacement"/> are.
    /// </summary>
    public void Hide(ReadOnlySpan<float> pixels, ReadOnlySpan<float> replacement, ReadOnlySpan<bool> present, Span<float> row)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(present.Length, Count, nameof(present));
        ArgumentOutOfRangeException.ThrowIfNotEqual(replacement.Length, pixels.Length, nameof(replacement));
        ArgumentOutOfRangeException.ThrowIfNotEqual(pixels.Length % labels.Length, 0, nameof(pixels));
        pixels.CopyTo(row);
        for (var unit = 0; unit < present.Length; unit++)
        {
            if (!present[unit])
            {
                Replace(unit, replacement, row);
            }
        }
    }

    private void Replace(int unit, ReadOnlySpan<float> replacement, Span<float> row)
    {
        foreach (var run in runs[unit])
        {
            for (var at = (run.Row * Width) + run.Column; at < replacement.Length; at += labels.Length)
            {
                replacement.Slice(at, run.Length).CopyTo(row[at..]);
            }
        }
    }

    private static Window Box(Run[] unit)
    {
        var (left, right) = (unit.Min(run => run.Column), unit.Max(run => run.Column + run.Length));
        return new Window(left, unit[0].Row, right - left, unit[^1].Row + 1 - unit[0].Row);
    }

    private readonly record struct Run(int Row, int Column, int Length);
}
