namespace ExplainService.Methods.Numerics;

/// <summary>Student's t distribution.</summary>
public static class StudentT
{
    private const double Tiny = 1e-300;
    private const double Precision = 1e-15;
    private const int MaxTerms = 500;

    /// <summary>P(|T| ≥ |t|).</summary>
    /// <param name="t">The statistic.</param>
    /// <param name="freedom">Degrees of freedom, 1 or more.</param>
    public static double TwoSided(double t, double freedom) =>
        double.IsInfinity(t) ? 0 : IncompleteBeta(freedom / (freedom + (t * t)), freedom / 2, 0.5);

    /// <summary>I_x(a, b), by its continued fraction (Abramowitz and Stegun 26.5.8) in Lentz's way.</summary>
    private static double IncompleteBeta(double x, double a, double b)
    {
        if (x is <= 0 or >= 1)
        {
            return Math.Clamp(x, 0, 1);
        }

        var front = Math.Exp(LogGamma(a + b) - LogGamma(a) - LogGamma(b) + (a * Math.Log(x)) + (b * Math.Log(1 - x)));
        return x < (a + 1) / (a + b + 2) ? front * Fraction(x, a, b) / a : 1 - (front * Fraction(1 - x, b, a) / b);
    }

    private static double Fraction(double x, double a, double b)
    {
        var c = 1.0;
        var d = 1 / Away(1 - ((a + b) * x / (a + 1)));
        var value = d;
        for (var m = 1; m <= MaxTerms; m++)
        {
            Step(m * (b - m) * x / ((a + (2 * m) - 1) * (a + (2 * m))));
            var before = value;
            Step(-(a + m) * (a + b + m) * x / ((a + (2 * m)) * (a + (2 * m) + 1)));
            if (Math.Abs(value - before) < Precision * Math.Abs(value))
            {
                break;
            }
        }

        return value;

        void Step(double coefficient)
        {
            d = 1 / Away(1 + (coefficient * d));
            c = Away(1 + (coefficient / c));
            value *= c * d;
        }
    }

    private static double Away(double value) => Math.Abs(value) < Tiny ? Tiny : value;

    /// <summary>log Γ(x) for x of ½ and more: Stirling's series, from an argument where five terms are exact to 1e-15.</summary>
    private static double LogGamma(double x)
    {
        var shift = 0.0;
        for (; x < 12; x++)
        {
            shift += Math.Log(x);
        }

        var inverse = 1 / x;
        var square = inverse * inverse;
        var series =
            inverse * ((1.0 / 12) - (square * ((1.0 / 360) - (square * ((1.0 / 1260) - (square * ((1.0 / 1680) - (square / 1188))))))));
        return ((x - 0.5) * Math.Log(x)) - x + (0.5 * Math.Log(2 * Math.PI)) + series - shift;
    }
}
