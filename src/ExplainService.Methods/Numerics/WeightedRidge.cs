using System.Numerics.Tensors;

namespace ExplainService.Methods.Numerics;

/// <summary>A target's fit: value ≈ intercept + Σ coefficient · feature.</summary>
/// <param name="Coefficients">[features].</param>
/// <param name="Intercept">Free of the penalty.</param>
/// <param name="R2">The weighted share of variance explained; 1 where there is none to explain.</param>
/// <param name="Residuals">[samples], each times the root of its weight.</param>
public sealed record RidgeFit(double[] Coefficients, double Intercept, double R2, double[] Residuals);

/// <summary>
/// Weighted ridge regression with an intercept: min Σ w (y − b₀ − xᵀb)² + α‖b‖². What depends on features and weights alone is worked out
/// once, for any number of targets.
/// </summary>
public sealed class WeightedRidge
{
    private readonly double[] weights;
    private readonly double total;
    private readonly double penalty;
    private readonly double[] centres;
    private readonly double[][] columns;
    private readonly Cholesky? products;

    /// <summary>Prepares the fits.</summary>
    /// <param name="features">[features][samples].</param>
    /// <param name="weights">[samples], none negative.</param>
    /// <param name="penalty">α, positive.</param>
    public WeightedRidge(IReadOnlyList<double[]> features, double[] weights, double penalty)
    {
        (this.weights, this.penalty, total) = (weights, penalty, TensorPrimitives.Sum<double>(weights));

        // Centring by the weighted means takes the intercept out of the penalty.
        centres = [.. features.Select(feature => TensorPrimitives.Dot<double>(weights, feature) / total)];
        columns = [.. features.Select((feature, k) => Weighted(feature, centres[k]))];
        products = columns.Length == 0 ? null
            : IsDual ? Cholesky.Of(Products(Rows()), weights.Length)
            : Cholesky.Of(Products(columns), columns.Length);
    }

    /// <summary>
    /// The share of the coefficients that the penalty takes, on average over the directions of the features: 1 − tr(X(XᵀX +
    /// αI)⁻¹Xᵀ)/features.
    /// </summary>
    public double Shrinkage => products is null ? 0
        : IsDual ? 1 - ((weights.Length - (penalty * Trace(products.Inverse(), weights.Length))) / columns.Length)
        : penalty * Trace(products.Inverse(), columns.Length) / columns.Length;

    private bool IsDual => columns.Length > weights.Length;

    /// <summary>Fits one target.</summary>
    /// <param name="values">[samples].</param>
    public RidgeFit Fit(ReadOnlySpan<double> values)
    {
        var mean = TensorPrimitives.Dot(weights, values) / total;
        var residuals = Weighted(values, mean);
        var spread = TensorPrimitives.SumOfSquares<double>(residuals);
        var coefficients = Solve(residuals);
        var intercept = mean;
        for (var k = 0; k < coefficients.Length; k++)
        {
            intercept -= coefficients[k] * centres[k];
            TensorPrimitives.MultiplyAdd(columns[k], -coefficients[k], residuals, residuals);
        }

        var explained = spread > 0 ? 1 - (TensorPrimitives.SumOfSquares<double>(residuals) / spread) : 1;
        return new RidgeFit(coefficients, intercept, explained, residuals);
    }

    /// <summary>
    /// The sandwich (XᵀX + αI)⁻¹ Xᵀ diag(e²/(1 − h)²) X (XᵀX + αI)⁻¹, as what a linear fit leaves is no even noise (MacKinnon and White
    /// 1985, HC3); h is a sample's leverage. There must be more samples than features and an intercept: else there is no residual to judge
    /// by.
    /// </summary>
    public double[] StandardErrors(RidgeFit fit)
    {
        var (residuals, size) = (fit.Residuals, columns.Length);
        if (products is null)
        {
            return [];
        }

        if (residuals.Length <= size + 1)
        {
            throw new InvalidOperationException($"{residuals.Length} samples leave no residual of a fit of {size} features.");
        }

        var inverse = products.Inverse();
        var (sample, influence, variances) = (new double[size], new double[size], new double[size]);
        for (var n = 0; n < residuals.Length; n++)
        {
            for (var k = 0; k < size; k++)
            {
                sample[k] = columns[k][n];
            }

            for (var k = 0; k < size; k++)
            {
                influence[k] = TensorPrimitives.Dot<double>(inverse.AsSpan(k * size, size), sample);
            }

            var leverage = Math.Min(TensorPrimitives.Dot<double>(influence, sample) + (weights[n] / total), 0.99);
            var error = residuals[n] / (1 - leverage);
            for (var k = 0; k < size; k++)
            {
                variances[k] += influence[k] * influence[k] * error * error;
            }
        }

        return [.. variances.Select(Math.Sqrt)];
    }

    private double[] Weighted(ReadOnlySpan<double> values, double centre)
    {
        var weighted = new double[values.Length];
        for (var n = 0; n < weighted.Length; n++)
        {
            weighted[n] = Math.Sqrt(weights[n]) * (values[n] - centre);
        }

        return weighted;
    }

    // β = (XᵀX + αI)⁻¹Xᵀy, or with fewer samples than features the equal Xᵀ(XXᵀ + αI)⁻¹y.
    private double[] Solve(double[] target)
    {
        if (products is null)
        {
            return [];
        }

        if (!IsDual)
        {
            return products.Solve([.. columns.Select(column => TensorPrimitives.Dot<double>(column, target))]);
        }

        var dual = products.Solve(target);
        return [.. columns.Select(column => TensorPrimitives.Dot<double>(column, dual))];
    }

    private double[][] Rows() => [.. Enumerable.Range(0, weights.Length).Select(n => columns.Select(column => column[n]).ToArray())];

    private double[] Products(double[][] vectors)
    {
        var size = vectors.Length;
        var squares = new double[size * size];
        for (var i = 0; i < size; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                squares[(i * size) + j] = squares[(j * size) + i] = TensorPrimitives.Dot<double>(vectors[i], vectors[j]);
            }

            squares[(i * size) + i] += penalty;
        }

        return squares;
    }

    private static double Trace(double[] matrix, int size) => Enumerable.Range(0, size).Sum(i => matrix[(i * size) + i]);
}
