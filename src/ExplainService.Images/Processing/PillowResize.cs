using System.Numerics;
using System.Runtime.InteropServices;

namespace ExplainService.Images.Processing;

/// <summary>
/// Resizing to the bytes that Pillow's <c>Image.resize</c> gives: first along the rows, rounded to 8 bits, then along the columns. Only the
/// pixels of a window are computed, row by row of the old picture, so that neither a wide picture nor a tall one takes more memory than the window.
/// </summary>
internal static class PillowResize
{
    /// <summary>The window of the resized picture; what of it lies beyond the picture's edges is black.</summary>
    public static byte[] Resize(RgbImage image, int width, int height, ResampleFilter filter, Window window)
    {
        var result = new byte[3 * window.Width * window.Height];
        var inside = window.Within(width, height);
        if (inside.Width == 0 || inside.Height == 0)
        {
            return result;
        }

        var rows =
            filter == ResampleFilter.Nearest ? Nearest(image, width, height, inside)
            : image.Height == height ? AlongRows(image, width, filter, inside)
            : AlongBoth(image, width, height, filter, inside);
        for (var y = 0; y < inside.Height; y++)
        {
            rows.AsSpan(3 * y * inside.Width, 3 * inside.Width)
                .CopyTo(result.AsSpan(3 * (((inside.Top - window.Top + y) * window.Width) + inside.Left - window.Left)));
        }

        return result;
    }

    private static byte[] Nearest(RgbImage image, int width, int height, Window window)
    {
        var columns = NearestIndices(image.Width, width, window.Left, window.Width);
        var rows = NearestIndices(image.Height, height, window.Top, window.Height);
        var result = new byte[3 * window.Width * window.Height];
        var at = 0;
        foreach (var row in rows)
        {
            var source = image.Pixels.AsSpan(3 * row * image.Width, 3 * image.Width);
            foreach (var column in columns)
            {
                source.Slice(3 * column, 3).CopyTo(result.AsSpan(at));
                at += 3;
            }
        }

        return result;
    }

    /// <summary>Pillow adds the step up instead of multiplying it, and so do its rounding errors.</summary>
    private static int[] NearestIndices(int oldSize, int size, int from, int count)
    {
        var step = (double)(float)oldSize / size;
        var position = step * 0.5;
        var indices = new int[count];
        for (var i = 0; i < from + count; i++, position += step)
        {
            if (i >= from)
            {
                indices[i - from] = Math.Min((int)position, oldSize - 1);
            }
        }

        return indices;
    }

    private static byte[] AlongRows(RgbImage image, int width, ResampleFilter filter, Window window)
    {
        var weights = WeightsOfRows(image, width, filter, window);
        var result = new byte[3 * window.Width * window.Height];
        for (var y = 0; y < window.Height; y++)
        {
            Row(image, window.Top + y, window, weights, result.AsSpan(3 * y * window.Width, 3 * window.Width));
        }

        return result;
    }

    private static byte[] AlongBoth(RgbImage image, int width, int height, ResampleFilter filter, Window window)
    {
        var across = WeightsOfRows(image, width, filter, window);
        var down = AxisWeights.Of(image.Height, height, window.Top, window.Height, filter);
        var stride = 3 * window.Width;
        var sums = new int[stride * window.Height];
        sums.AsSpan().Fill(1 << (AxisWeights.Precision - 1));
        var row = new byte[stride];
        var first = 0;
        for (var y = down.Start(0); y < image.Height && first < down.Count; y++)
        {
            Row(image, y, window, across, row);
            for (var i = first; i < down.Count && down.Start(i) <= y; i++)
            {
                var weights = down.Weights(i);
                var at = y - down.Start(i);
                if (at < weights.Length)
                {
                    Add(row, weights[at], sums.AsSpan(i * stride, stride));
                }
                else if (i == first)
                {
                    first++;
                }
            }
        }

        return Array.ConvertAll(sums, Clip);
    }

    private static AxisWeights? WeightsOfRows(RgbImage image, int width, ResampleFilter filter, Window window) =>
        image.Width == width ? null : AxisWeights.Of(image.Width, width, window.Left, window.Width, filter);

    /// <summary>The window's columns of one old row, resized along it; without weights as they are.</summary>
    private static void Row(RgbImage image, int y, Window window, AxisWeights? across, Span<byte> into)
    {
        var source = image.Pixels.AsSpan(3 * y * image.Width, 3 * image.Width);
        if (across is null)
        {
            source.Slice(3 * window.Left, into.Length).CopyTo(into);
            return;
        }

        for (var x = 0; x < across.Count; x++)
        {
            var weights = across.Weights(x);
            var pixels = source.Slice(3 * across.Start(x), 3 * weights.Length);
            var (red, green, blue) = (1 << (AxisWeights.Precision - 1), 1 << (AxisWeights.Precision - 1), 1 << (AxisWeights.Precision - 1));
            for (int i = 0, at = 0; i < weights.Length; i++, at += 3)
            {
                var weight = weights[i];
                red += pixels[at] * weight;
                green += pixels[at + 1] * weight;
                blue += pixels[at + 2] * weight;
            }

            into[3 * x] = Clip(red);
            into[(3 * x) + 1] = Clip(green);
            into[(3 * x) + 2] = Clip(blue);
        }
    }

    private static void Add(ReadOnlySpan<byte> row, int weight, Span<int> sums)
    {
        var at = 0;
        for (; at + Vector<byte>.Count <= row.Length; at += Vector<byte>.Count)
        {
            Vector.Widen(new Vector<byte>(row[at..]), out var low, out var high);
            Vector.Widen(low, out var first, out var second);
            Vector.Widen(high, out var third, out var fourth);
            var into = MemoryMarshal.Cast<int, Vector<int>>(sums.Slice(at, Vector<byte>.Count));
            into[0] += Vector.AsVectorInt32(first) * weight;
            into[1] += Vector.AsVectorInt32(second) * weight;
            into[2] += Vector.AsVectorInt32(third) * weight;
            into[3] += Vector.AsVectorInt32(fourth) * weight;
        }

        for (; at < row.Length; at++)
        {
            sums[at] += row[at] * weight;
        }
    }

    private static byte Clip(int sum) => (byte)Math.Clamp(sum >> AxisWeights.Precision, 0, 255);
}
