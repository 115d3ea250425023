namespace ExplainService.Methods.Numerics;

/// <summary>A rule for ∫₀¹ f(α) dα ≈ Σ weight_k · f(node_k); nodes ascending, weights summing to 1.</summary>
/// <param name="Nodes">[points], within [0, 1].</param>
/// <param name="Weights">[points].</param>
public sealed record Quadrature(double[] Nodes, double[] Weights)
{
    /// <summary>Gauss–Legendre: exact for polynomials up to degree 2n−1; no node at either end.</summary>
    /// <param name="points">At least 1.</param>
    public static Quadrature GaussLegendre(int points)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(points, 1);
        var (nodes, weights) = (new double[points], new double[points]);
        for (var k = 0; k < (points + 1) / 2; k++)
        {
            // Newton's method from Tricomi's first guess of the root of the Legendre polynomial.
            var x = Math.Cos(Math.PI * (k + 0.75) / (points + 0.5));
            var slope = 0.0;
            for (var step = 0; step < 100; step++)
            {
                (var value, slope) = Legendre(points, x);
                var move = value / slope;
                x -= move;
                if (Math.Abs(move) < 1e-16)
                {
                    break;
                }
            }

            slope = Legendre(points, x).Slope;
            var weight = 1 / ((1 - (x * x)) * slope * slope);
            (nodes[k], nodes[points - 1 - k]) = ((1 - x) / 2, (1 + x) / 2);
            (weights[k], weights[points - 1 - k]) = (weight, weight);
        }

        return new Quadrature(nodes, weights);
    }

    /// <summary>The trapezoid rule, both ends among its points.</summary>
    /// <param name="points">At least 2.</param>
    public static Quadrature Trapezoid(int points)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(points, 2);
        var (nodes, weights) = (new double[points], new double[points]);
        for (var k = 0; k < points; k++)
        {
            nodes[k] = (double)k / (points - 1);
            weights[k] = (k == 0 || k == points - 1 ? 0.5 : 1) / (points - 1);
        }

        return new Quadrature(nodes, weights);
    }

    /// <summary>
    /// Clenshaw–Curtis: exact for polynomials up to degree n, and in practice about as good as as many points of Gauss–Legendre
    /// (Trefethen 2008). Both ends are among its points, and all of its points among those of twice as many intervals.
    /// </summary>
    /// <param name="intervals">At least 1; one more points.</param>
    public static Quadrature ClenshawCurtis(int intervals)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(intervals, 1);
        var (nodes, weights) = (new double[intervals + 1], new double[intervals + 1]);
        for (var j = 0; j <= intervals; j++)
        {
            // The quotient first: that of twice both numbers is the same to the last bit.
            var angle = Math.PI * ((double)j / intervals);
            var sum = 1.0;
            for (var k = 1; k <= intervals / 2; k++)
            {
                sum -= (2 * k == intervals ? 1 : 2) * Math.Cos(2 * k * angle) / ((4.0 * k * k) - 1);
            }

            nodes[j] = (1 - Math.Cos(angle)) / 2;
            weights[j] = sum / intervals * (j == 0 || j == intervals ? 0.5 : 1);
        }

        return new Quadrature(nodes, weights);
    }

    private static (double Value, double Slope) Legendre(int degree, double x)
    {
        var (before, value) = (1.0, x);
        for (var n = 2; n <= degree; n++)
        {
            (before, value) = (value, ((((2 * n) - 1) * x * value) - ((n - 1) * before)) / n);
        }

        return (value, degree * ((x * value) - before) / ((x * x) - 1));
    }
}
