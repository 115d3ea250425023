using System.Numerics.Tensors;

namespace ExplainService.Images.Units;

/// <summary>A Gaussian filter, along the rows and then along the columns; beyond the edges the picture's outermost pixels go on.</summary>
internal static class GaussianBlur
{
    /// <summary>
    /// 10 of 224 pixels, as Fong and Vedaldi (2017) blur, and the same share of every other size: the sizes of things that models tell apart are gone, and the
    /// large areas of colour stay.
    /// </summary>
    public static double SigmaOf(int height, int width) => Math.Min(height, width) * 10 / 224.0;

    /// <summary>One plane, cut off at three deviations.</summary>
    public static void Of(ReadOnlySpan<float> plane, int height, int width, double sigma, Span<float> into)
    {
        var weights = Weights(sigma);
        var reach = weights.Length / 2;
        var across = new float[height * width];
        var padded = new float[width + (2 * reach)];
        for (var y = 0; y < height; y++)
        {
            var row = plane.Slice(y * width, width);
            padded.AsSpan(0, reach).Fill(row[0]);
            row.CopyTo(padded.AsSpan(reach));
            padded.AsSpan(reach + width).Fill(row[^1]);
            var sum = across.AsSpan(y * width, width);
            for (var i = 0; i < weights.Length; i++)
            {
                TensorPrimitives.MultiplyAdd(padded.AsSpan(i, width), weights[i], sum, sum);
            }
        }

        into.Clear();
        for (var y = 0; y < height; y++)
        {
            var sum = into.Slice(y * width, width);
            for (var i = 0; i < weights.Length; i++)
            {
                var row = Math.Clamp(y + i - reach, 0, height - 1);
                TensorPrimitives.MultiplyAdd(across.AsSpan(row * width, width), weights[i], sum, sum);
            }
        }
    }

    private static float[] Weights(double sigma)
    {
        var reach = (int)Math.Ceiling(3 * sigma);
        var exact = Enumerable.Range(-reach, (2 * reach) + 1).Select(x => Math.Exp(-(x * x) / (2 * sigma * sigma))).ToArray();
        var sum = exact.Sum();
        return Array.ConvertAll(exact, weight => (float)(weight / sum));
    }
}
