namespace ExplainService.Images.Processing;

/// <summary>
/// What each new pixel along one axis takes of which old ones, in Pillow's fixed point: weights of 22 bits, each rounded by itself, from
/// filters widened by the scale where the picture shrinks (antialiasing).
/// </summary>
internal sealed class AxisWeights
{
    /// <summary>Eight bits of a colour and two for filters that reach above one and below zero leave these of 32.</summary>
    public const int Precision = 22;

    private readonly int[] starts;
    private readonly int[][] weights;

    private AxisWeights(int[] starts, int[][] weights) => (this.starts, this.weights) = (starts, weights);

    /// <summary>How many new pixels.</summary>
    public int Count => starts.Length;

    /// <summary>Of the new pixels from <paramref name="from"/> on, as many as <paramref name="count"/>, of <paramref name="size"/> in all.</summary>
    public static AxisWeights Of(int oldSize, int size, int from, int count, ResampleFilter filter)
    {
        var (kernel, reach) = Kernel(filter);

        // Pillow holds the box that it resizes in float.
        var scale = (double)(float)oldSize / size;
        var widened = Math.Max(scale, 1);
        var support = reach * widened;
        var starts = new int[count];
        var weights = new int[count][];
        for (var i = 0; i < count; i++)
        {
            var centre = (from + i + 0.5) * scale;
            starts[i] = Math.Max((int)(centre - support + 0.5), 0);
            var taken = Math.Min((int)(centre + support + 0.5), oldSize) - starts[i];
            weights[i] = FixedPoint(kernel, starts[i] - centre + 0.5, 1 / widened, taken);
        }

        return new AxisWeights(starts, weights);
    }

    /// <summary>The first old pixel that a new one takes from.</summary>
    public int Start(int index) => starts[index];

    /// <summary>What it takes of that and of those after it.</summary>
    public ReadOnlySpan<int> Weights(int index) => weights[index];

    private static int[] FixedPoint(Func<double, double> kernel, double first, double step, int count)
    {
        var exact = new double[count];
        var sum = 0.0;
        for (var i = 0; i < count; i++)
        {
            exact[i] = kernel((first + i) * step);
            sum += exact[i];
        }

        var rounded = new int[count];
        for (var i = 0; i < count; i++)
        {
            var share = (sum == 0 ? exact[i] : exact[i] / sum) * (1 << Precision);
            rounded[i] = (int)(share < 0 ? share - 0.5 : share + 0.5);
        }

        return rounded;
    }

    private static (Func<double, double> Kernel, double Reach) Kernel(ResampleFilter filter) =>
        filter switch
        {
            ResampleFilter.Box => (x => x is > -0.5 and <= 0.5 ? 1 : 0, 0.5),
            ResampleFilter.Bilinear => (x => Math.Max(1 - Math.Abs(x), 0), 1),
            ResampleFilter.Hamming => (Hamming, 1),
            ResampleFilter.Bicubic => (Bicubic, 2),
            ResampleFilter.Lanczos => (x => x is >= -3 and < 3 ? Sinc(x) * Sinc(x / 3) : 0, 3),
            _ => throw new ArgumentOutOfRangeException(nameof(filter)),
        };

    private static double Bicubic(double x)
    {
        const double a = -0.5;
        x = Math.Abs(x);
        return x < 1 ? ((((a + 2) * x) - (a + 3)) * x * x) + 1
            : x < 2 ? ((((((x - 5) * x) + 8) * x) - 4) * a)
            : 0;
    }

    private static double Hamming(double x)
    {
        x = Math.Abs(x);
        return x == 0 ? 1
            : x >= 1 ? 0
            : Sinc(x) * (0.54f + (0.46f * Math.Cos(x * Math.PI)));
    }

    private static double Sinc(double x) => x == 0 ? 1 : Math.Sin(x * Math.PI) / (x * Math.PI);
}
