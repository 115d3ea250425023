using ExplainService.Methods.Numerics;

namespace ExplainService.Methods.Saliency;

/// <summary>Rules of numerical integration.</summary>
public enum QuadratureRule
{
    /// <summary>Gauss–Legendre (default).</summary>
    GaussLegendre,

    /// <summary>Trapezoid rule, both ends included, weights that sum to 1.</summary>
    Trapezoid,
}

/// <summary>From a rule's name to its points.</summary>
internal static class QuadraturePoints
{
    /// <summary>The points and weights of a rule, by default Gauss–Legendre's.</summary>
    public static Quadrature Of(QuadratureRule? rule, int points) =>
        rule == QuadratureRule.Trapezoid ? Quadrature.Trapezoid(points) : Quadrature.GaussLegendre(points);
}
