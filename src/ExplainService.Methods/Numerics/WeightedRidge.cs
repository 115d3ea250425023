using System.Numerics.Tensors;

namespace ExplainService.Methods.Numerics;

/// <summary>A target's fit: value ≈ intercept + Σ coefficient · feature.</summary>
/// <param name="Coefficients">[features].</param>
/// <param name="Intercept">Free of the penalty.</param>
/// <param name="R2">The weighted share of variance explained; 1 where there is none to explain.</param>
/// <param name="Residuals">[samples], each times the root of its weight.</param>
public sealed record RidgeFit(double[] Coefficients, double Intercept, double R2, double[] Residuals);

/// <summary>Samples that are drawn together.</summary>
/// <param name="First">The first of them.</param>
/// <param name="Count">How many.</param>
/// <param name="Chance">
/// The share of groups like this that were not drawn: 0 where all are here and nothing was left to chance (Cochran 1977, 5.3).
/// </param>
public readonly record struct DrawnGroup(int First, int Count, double Chance);

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
    /// <param name="cancellationToken">Asked at every row of the normal equations.</param>
    public WeightedRidge(IReadOnlyList<double[]> features, double[] weights, double penalty, CancellationToken cancellationToken = default)
    {
        (this.weights, this.penalty, total) = (weights, penalty, TensorPrimitives.Sum<double>(weights));

        // Centring by the weighted means takes the intercept out of the penalty.
        centres = [.. features.Select(feature => TensorPrimitives.Dot<double>(weights, feature) / total)];
        columns = [.. features.Select((feature, k) => Weighted(feature, centres[k]))];
        products =
            columns.Length == 0 ? null
            : IsDual ? Cholesky.Overwriting(Products(Rows(), cancellationToken), weights.Length, cancellationToken)
            : Cholesky.Overwriting(Products(columns, cancellationToken), columns.Length, cancellationToken);
    }

    /// <summary>
    /// The share of the coefficients that the penalty takes, on average over the directions of the features: 1 − tr(X(XᵀX +
    /// αI)⁻¹Xᵀ)/features.
    /// </summary>
    public double Shrinkage =>
        products is null ? 0
        : IsDual ? 1 - ((weights.Length - (penalty * products.InverseDiagonal().Sum())) / columns.Length)
        : penalty * products.InverseDiagonal().Sum() / columns.Length;

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
    /// The standard errors of the coefficients as samples are drawn anew: the sandwich (XᵀX + αI)⁻¹ (Σ uᵍuᵍᵀ) (XᵀX + αI)⁻¹ over groups of
    /// samples that are drawn together, uᵍ = Xᵍᵀ(I − Hᵍ)⁻¹eᵍ with the group's leverages Hᵍ, which makes up for a fit being nearer to its
    /// own samples than to others (Bell and McCaffrey 2002, CR3). There must be more samples than features and an intercept.
    /// </summary>
    /// <param name="fits">Of any number of targets: what depends on the samples alone is worked out once.</param>
    /// <param name="groups">All samples in order, each in one group.</param>
    /// <param name="cancellationToken">Asked at every group.</param>
    /// <returns>[fits][features].</returns>
    public double[][] StandardErrors(
        IReadOnlyList<RidgeFit> fits,
        IReadOnlyList<DrawnGroup> groups,
        CancellationToken cancellationToken = default
    )
    {
        var size = columns.Length;
        var variances = fits.Select(_ => new double[size]).ToArray();
        if (products is null)
        {
            return variances;
        }

        if (weights.Length <= size + 1)
        {
            throw new InvalidOperationException($"{weights.Length} samples leave no residual of a fit of {size} features.");
        }

        var inverse = products.Inverse(cancellationToken);
        foreach (var group in groups.Where(group => group.Chance > 0))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var (first, count) = (group.First, group.Count);
            var samples = Enumerable.Range(first, count).Select(n => columns.Select(column => column[n]).ToArray()).ToArray();
            var influences = samples.Select(sample => Product(inverse, sample)).ToArray();
            var rest = Rest(weights.AsSpan(first, count), samples, influences);
            foreach (var (fit, own) in fits.Zip(variances))
            {
                var errors = rest.Solve(fit.Residuals.AsSpan(first, count));
                for (var k = 0; k < size; k++)
                {
                    var influence = 0.0;
                    for (var n = 0; n < count; n++)
                    {
                        influence += influences[n][k] * errors[n];
                    }

                    own[k] += group.Chance * influence * influence;
                }
            }
        }

        return [.. variances.Select(own => own.Select(Math.Sqrt).ToArray())];
    }

    // I − H: solved for residuals it gives what a fit without the group would leave. A leverage of 1 leaves nothing to tell that by.
    private Cholesky Rest(ReadOnlySpan<double> own, double[][] samples, double[][] influences)
    {
        const double MaxLeverage = 0.99;
        var size = samples.Length;
        var rest = new double[size * size];
        for (var i = 0; i < size; i++)
        {
            for (var j = 0; j < size; j++)
            {
                var leverage = TensorPrimitives.Dot<double>(samples[i], influences[j]) + (Math.Sqrt(own[i] * own[j]) / total);
                rest[(i * size) + j] = (i == j ? 1 : 0) - (MaxLeverage * leverage);
            }
        }

        return Cholesky.Overwriting(rest, size);
    }

    private static double[] Product(double[] matrix, double[] vector)
    {
        var product = new double[vector.Length];
        for (var k = 0; k < product.Length; k++)
        {
            product[k] = TensorPrimitives.Dot<double>(matrix.AsSpan(k * product.Length, product.Length), vector);
        }

        return product;
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

    // The lower triangle.
    private double[] Products(double[][] vectors, CancellationToken cancellationToken)
    {
        var size = vectors.Length;
        var squares = new double[size * size];
        for (var i = 0; i < size; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            for (var j = 0; j <= i; j++)
            {
                squares[(i * size) + j] = TensorPrimitives.Dot<double>(vectors[i], vectors[j]);
            }

            squares[(i * size) + i] += penalty;
        }

        return squares;
    }
}
