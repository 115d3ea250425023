namespace ExplainService.Methods.Saliency;

/// <summary>Rules of numerical integration.</summary>
public enum QuadratureRule
{
    /// <summary>Gauss–Legendre (default).</summary>
    GaussLegendre,

    /// <summary>Trapezoid rule, both ends included, weights that sum to 1.</summary>
    Trapezoid,
}
